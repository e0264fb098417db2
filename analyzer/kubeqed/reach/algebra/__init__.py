"""Sets with exact operations: ports, addresses, pods as bits, label selectors."""
