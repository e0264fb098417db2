"""What a kustomization does with all its resources: transformers and generators, one module each."""
