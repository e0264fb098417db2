"""The units of an input in the languages of people and of other tools."""
