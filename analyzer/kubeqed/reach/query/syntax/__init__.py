"""What people type for peers, addresses and ports.

In comes a word of the command line, out come peers, addresses or ports, or an error that says what is wrong and what is
near. The same syntax is printed in answers, so what a user sees can be typed again.
"""
