"""`seppcheck cutover`, once or as a watch through the night."""

from seppcheck.cli.audit import phase_command
from seppcheck.cli.watching import WATCHING
from seppcheck.model.phases import Phase

command = phase_command(Phase.CUTOVER, WATCHING)
