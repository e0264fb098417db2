"""What was printed, parsed again: where its values were written."""
