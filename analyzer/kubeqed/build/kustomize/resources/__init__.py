"""Resources: their names, their trees, and how one is selected and a field of one is found."""
