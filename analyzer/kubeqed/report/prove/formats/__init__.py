"""One module for each format of `kubeqed prove`; what is refuted has the formats of `check` too."""
