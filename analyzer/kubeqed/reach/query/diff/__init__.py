"""What changed between two versions, and which lines caused it.

Both versions are asked about one common list of peers, so that a class of one and a class of the other can be compared. Out
come changes as blocks, each with the rules that decide now and did not before. What cannot be compared is a change of its
own sort, never silence.
"""
