"""Claims about the network, of `kubeqed.yaml` or of a file of their own: keys, checks, places."""
