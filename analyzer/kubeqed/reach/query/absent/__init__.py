"""Absent pods, which no manifest shows: which of them policies tell apart, and how to speak of them.

A policy may open a port to pods that do not exist yet. There are infinitely many label sets, but only as many sorts of pods
as selectors can tell apart. One example of each sort stands for all of it, so that `diff` can compare the absent pods of
two versions as it compares those that are there.
"""
