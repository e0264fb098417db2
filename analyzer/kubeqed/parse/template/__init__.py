"""Templates and placeholders: where they stand, how the text around them is parsed, and what they leave open."""
