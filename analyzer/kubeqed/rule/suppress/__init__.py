"""Which findings are not reported because a comment, an annotation, the configuration or a baseline says so."""
