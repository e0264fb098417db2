"""Rules that judge the addresses of a cluster: its ranges, and the pools that addresses are taken from."""
