"""Kustomizations: the files that each reaches, the parts it names, and what it changes. Nothing is rendered.

In come kustomization files, out come the files that form a unit, the fragments among them, and what patches and
transformers may change. A field that a patch touches is open, since its value is not known without a build. Building is
left out here, so that nothing of a stranger's tree is run.
"""
