"""`seppcheck drift`: verification's checks, and what differs from the accepted baseline."""

from pathlib import Path

import click

from seppcheck.cli.audit import phase_command
from seppcheck.model.phases import Phase

command = click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The accepted baseline; seppcheck-baseline.json beside the configuration unless told otherwise.",
)(phase_command(Phase.DRIFT))
