"""Whether the server can read a document as its kind: which versions are served, which fields of which types there are."""
