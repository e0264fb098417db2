"""What network plugins do with policies, and what policies ask of them."""
