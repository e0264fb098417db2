"""What nodes need of the ranges of a cluster, in the languages of people and of other tools: one module for each format."""
