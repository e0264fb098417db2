"""Pod specifications: what Pods and the templates of workloads have in common.

Ported from ValidatePodSpec of pkg/apis/core/validation and pkg/api/pod/warnings.go of k8s.io/kubernetes, part by part:
containers, ports, environment, handlers, resources, volumes, scheduling, security, network.
"""
