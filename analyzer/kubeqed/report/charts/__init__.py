"""What `kubeqed charts` says: verdicts on properties of charts at any values."""
