"""kubeqed proves what the network of a Kubernetes cluster will do, from its manifests.

Data flows one way through the rooms: sources, parse, model, graph, prove, rule, report; `config` holds what the user
stated, and `app` is the only place that knows the whole order. The import contracts of pyproject.toml hold this.
"""

__version__ = "0.1.0"
"""Said here as a literal (a test compares it with pyproject.toml): asking the installed metadata costs start-up time."""
