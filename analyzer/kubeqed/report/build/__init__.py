"""What a build applies, as YAML, and what it lacks, in words."""
