"""Sets with exact operations: ports, addresses, pods as bits, label selectors.

Nothing here knows Kubernetes objects. Sets of classes are integers, sets of ports and addresses are sorted intervals, so
that union, intersection and difference are exact and fast. `label_index` turns a selector into such an integer.
`label_space` goes the other way: from selectors to labels that tell them apart, for pods that no manifest shows.
"""
