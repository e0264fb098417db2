"""What an answer leaves out or depends on, one module for each reason.

In comes a compiled unit, out come `Caveat`s with a place and a sentence. A caveat does not change the answer; it says what
the answer cannot know, for example policies of another engine, or pods that an operator will create. Every format prints
them, because an answer without its caveats claims too much.
"""
