"""One module for each question, named after what should be, and what several of them share."""
