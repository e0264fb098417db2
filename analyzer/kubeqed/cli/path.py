"""The type of a PATH on the command line, apart from the options, whose values need the rules."""

from __future__ import annotations

import click

PATH = click.Path(readable=False)  # shells complete it; what cannot be read is said later, with all that can
