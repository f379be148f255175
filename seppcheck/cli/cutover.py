"""`seppcheck cutover`."""

from seppcheck.cli.audit import phase_command
from seppcheck.model.phases import Phase

command = phase_command(Phase.CUTOVER)
