"""What CNIs make of the policies, in the languages of people and of other tools: one module for each format."""
