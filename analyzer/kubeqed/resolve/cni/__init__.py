"""Which CNI a cluster has, as far as manifests show it.

In comes a unit, out come the plugins that its manifests install, with how strong the sign is: a DaemonSet of the plugin's
image says more than a ConfigMap of its name. The signs stand in the data about CNIs. What the user states beats them.
"""
