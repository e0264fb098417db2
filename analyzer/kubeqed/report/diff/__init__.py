"""The difference of two versions in the languages of people and of other tools: one module for each format."""
