"""Where traffic can start and end: pods in classes, Services, Ingresses, Gateways and their controllers.

In comes a unit, out come its endpoints, the classes of them, and where traffic enters. A workload is not one pod: its
replicas, and the numbered pods of a StatefulSet, may differ in labels that a selector asks for. An ingress controller
that no manifest shows is a peer too, since Ingresses send its traffic to pods.
"""
