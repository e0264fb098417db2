"""The decision about one pair in the languages of people and of other tools: one module for each format."""
