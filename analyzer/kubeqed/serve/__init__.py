"""The language server: what a check finds, in an editor, as the user types.

The room speaks the protocol and knows no order of its own: `cli` hands it the main job as a `Check`, and gets an editor's
unsaved texts read instead of files (`sources.buffers`). Only here are pygls and lsprotocol imported; they come with
`kubeqed[lsp]`. Findings are pushed, for files that are not open too; a client that also pulled them would show each
finding twice. Everything is checked anew after every change: with parsed files remembered, that is fast enough
(`benchmarks/serve.py`), and nothing can be out of date.
"""
