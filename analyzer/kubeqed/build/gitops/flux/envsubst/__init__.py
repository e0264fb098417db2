"""The substitution of variables in texts as Flux does it: `${VAR}`, `${VAR:=default}` and what else a shell has for it.

After github.com/fluxcd/pkg/envsubst v1.9.0, a fork of drone/envsubst. It is not the shell's: every operator between a
variable and a text takes the text where the variable is empty, `:+` too, and `${VAR-text}` is refused.
"""
