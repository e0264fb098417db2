"""What may be taken out of a set of policies without any packet faring otherwise."""
