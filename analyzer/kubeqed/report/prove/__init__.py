"""Verdicts on intents in the languages of people and of other tools: one module for each format that is not one of `check`."""
