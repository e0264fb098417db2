"""Rules that judge StatefulSets."""
