"""`kubeqed explain RULE`: a rule's own words, with its examples."""

from __future__ import annotations

import click

from kubeqed.cli.streams import write_out
from kubeqed.config import suggest_rule
from kubeqed.rule.catalogue import Rule, find_rules


def _list_offered(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    return [rule.id for rule in find_rules() if rule.id.startswith(incomplete)]


@click.command("explain")
@click.argument("rule", shell_complete=_list_offered)
def command(rule: str) -> None:
    """Explain a rule, with examples.

    RULE is the id that stands in brackets at the end of a finding. `kubeqed rules` lists all.

    Exit status: 0; 2 no rule has this id.
    """
    known = {item.id: item for item in find_rules()}
    if rule not in known:
        raise click.UsageError(f'unknown rule "{rule}"{suggest_rule(rule, known)}')
    write_out(_explain_rule(known[rule]) + "\n")


def _explain_rule(rule: Rule) -> str:
    meta = rule.meta
    valid, invalid = rule.illustrate()
    parts = [
        f"{rule.id}: {meta.summary} (up to {meta.certainty.value}, since {meta.since})",
        rule.text,
        f"Wrong:\n\n{_indent_example(invalid)}" if invalid else "",
        f"Right:\n\n{_indent_example(valid)}" if valid else "",
        "\n".join(meta.references),
        _list_sources(meta.sources),
    ]
    return "\n\n".join(part for part in parts if part)


def _list_sources(name: str) -> str:
    """Where the data that the rule judges by comes from."""
    if not name:
        return ""
    from kubeqed.model.data_sources import list_data_sources

    return "\n".join(
        ("The data that it judges by was written after:", *(f"  {one}" for one in list_data_sources(name)))
    )


def _indent_example(example: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in example.splitlines())
