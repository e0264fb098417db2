"""Rules that judge the policies of administrators: AdminNetworkPolicy, its baseline, and ClusterNetworkPolicy."""
