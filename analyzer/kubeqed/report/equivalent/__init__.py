"""Whether two sets of policies are equivalent, in the languages of people and of other tools."""
