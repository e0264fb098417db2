"""Policies of engines that kubeqed does not model: whom they select, so that no answer claims more than it knows."""
