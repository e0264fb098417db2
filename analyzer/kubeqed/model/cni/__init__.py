"""What network plugins do with policies, and what policies ask of them.

`capabilities` reads `cni.json`, which `data/generate_cni.py` writes out of `data/cni.yaml`: what each plugin enforces and
since which version, with how sure the sources are. `policy_use` says which of these features a policy needs. The two meet
in `prove.questions.policy_enforced`. Adding a plugin is adding an entry to `data/cni.yaml`.
"""
