"""Where traffic can start and end: pods in classes, Services, Ingresses, Gateways and their controllers."""
