"""From what was printed back to what it was made of: where its values were written, and which were read for it."""
