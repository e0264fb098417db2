"""Who can send what to whom: exact, and compressed into classes so that it stays fast.

Pods become classes that no policy tells apart, policies become sets of classes with sets of ports, and the answer is a
list of rectangles (sources, destinations, ports). Pairs are made only on request. One engine
answers the list, the point query, the explanation and the difference of two versions.

Semantics are those of the specification; what depends on the CNI is an assumption that the caller states. What the
manifests leave open is never guessed silently: a value that is unknown equals nothing, and a remark says so.
"""
