"""Volumes of a pod, and the paths that containers mount them at.

In come the `volumes` of a pod and the containers that mount them; out come violations. Both are looked at together, since a
mount is only right if its volume exists and is of a sort that can be mounted so.
"""
