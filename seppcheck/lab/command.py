"""The command that a lab is run around: found, started in the lab's folder, waited for."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from seppcheck.errors import UserError
from seppcheck.lab.signals import Terminated

_OWN_NAME = "seppcheck"
_GRACE_SECONDS = 10.0
_SIGNALLED = 128


def run(command: Sequence[str], folder: Path) -> int:
    """Run a command in the lab's folder and return its exit code; 128 + N when signal N ended it.

    Ctrl-C is the command's own business: the terminal sends it to the command as well, and the lab
    stays until the command has ended. SIGTERM is passed on.

    Raises:
        UserError: when it cannot be started.
    """
    try:
        process = subprocess.Popen(resolve(command), cwd=folder)  # noqa: S603 - running the user's command is the purpose
    except OSError as error:
        raise UserError(
            "the command {command} cannot be started (a shell would say 127): {error}",
            command=command[0],
            error=error.strerror or error,
        ) from error
    with process:
        try:
            code = _wait(process)
        except Terminated:
            code = _end(process)
    return code if code >= 0 else _SIGNALLED - code


def resolve(command: Sequence[str]) -> list[str]:
    """Find the program: `seppcheck` is the running installation, whatever PATH says.

    Others are looked up as the system does it, with PATHEXT on Windows.
    """
    name, *arguments = command
    if name == _OWN_NAME:
        script = shutil.which(_OWN_NAME, path=str(Path(sys.executable).parent))
        # -P: a file of the folder must not stand for a module of the program.
        return [script, *arguments] if script else [sys.executable, "-P", "-m", _OWN_NAME, *arguments]
    return [shutil.which(name) or name, *arguments]


def _wait(process: subprocess.Popen[bytes]) -> int:
    while True:
        with suppress(KeyboardInterrupt):
            return process.wait()


def _end(process: subprocess.Popen[bytes]) -> int:
    process.terminate()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
    process.wait()
    return -signal.SIGTERM
