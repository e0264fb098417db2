"""All packets there can be: of pods that the manifests show and of any pod that anybody may ever deploy.

`semantics` says once which packets policies let through, over an abstract logic. `concrete` reads it for one packet,
`symbolic` for all of them at once in Z3's words, and `search` looks for a packet that a claim is false for: the plainest one,
the same in every run. `space` holds what policies and claims can tell apart, which is all that is encoded: a label that nobody
names cannot change an answer.
"""
