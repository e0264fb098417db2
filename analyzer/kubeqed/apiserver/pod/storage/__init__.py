"""Volumes of a pod, and the paths that containers mount them at."""
