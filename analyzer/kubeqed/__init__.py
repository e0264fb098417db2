"""kubeqed proves what the network of a Kubernetes cluster will do, from its manifests.

Data flows one way through the rooms: `sources` gives bytes, `parse` value trees, `model` objects and units; `apiserver` judges
one object, `resolve` sets objects against one another, `reach` follows traffic, `prove` answers questions about all of it;
`rule` makes findings and `report` text. `config` holds what the user stated, and `app` is the only place that knows the whole
order. The import contracts of pyproject.toml check this; docs/architecture.md walks through it with two examples.
"""

__version__ = "0.1.0"
"""Said here as a literal (a test compares it with pyproject.toml): asking the installed metadata costs start-up time."""
