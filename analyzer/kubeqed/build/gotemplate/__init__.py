"""Go's text/template: the language of Helm's charts and of Argo CD's ApplicationSets.

`text/template` of Go 1.26 is the specification. A template is parsed to a tree (`parser`), which is executed on values
(`execution`); what it prints knows for each stretch where that was written (`text`). Functions are given to it by name:
`builtins` are Go's own.
"""
