"""Whether the server can read a document as its kind: which versions are served, which fields of which types there are.

In comes a document as parsed; out come violations: an API version that is not served, a field that the type does not have,
a value that its field cannot hold. The types stand in `apiserver/data/fields.txt`, generated out of the published OpenAPI
of each Kubernetes version; a field carries the versions that know it, so one table serves all versions. It is unpacked
type by type, because all of it costs more than most runs need.
"""
