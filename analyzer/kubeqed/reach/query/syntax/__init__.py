"""What people type for peers, addresses and ports."""
