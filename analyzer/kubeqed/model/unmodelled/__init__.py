"""Policies of engines that kubeqed does not model: whom they select, so that no answer claims more than it knows.

Cilium, Calico, Istio and others have policies of their own. `policy_kinds` says for each kind where an object writes whom it
governs, and in which direction; `condition` reads the languages of their selectors. That is enough to add "unless
CiliumNetworkPolicy x says otherwise" to exactly those answers that it may change, and to no others.
"""
