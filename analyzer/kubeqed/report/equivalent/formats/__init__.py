"""One module for each format of `kubeqed equivalent`."""
