"""Runs seppcheck in a process that kills itself, by SIGKILL, at one of the moments at which something is on its way.

`python killed_process.py MOMENT COMMAND...`: moments are before and after each line of the journal, each flush to disk,
each command to Exchange and each update of a zone. With moment 0 it lives, and prints how many moments there were.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from seppcheck.cli import main
from seppcheck.clients.dns_update import UpdateServer
from seppcheck.clients.exchange import ExchangeClient
from seppcheck.remediate import journal

wanted, passed = int(sys.argv[1]), 0


def moment() -> None:
    global passed  # noqa: PLW0603 - one process, one count
    passed += 1
    if passed == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


def around(real: Callable[..., Any]) -> Callable[..., Any]:
    def called(*arguments: Any, **options: Any) -> Any:
        moment()
        result = real(*arguments, **options)
        moment()
        return result

    return called


journal.append = around(journal.append)
os.fsync = around(os.fsync)
ExchangeClient.invoke = around(ExchangeClient.invoke)  # type: ignore[method-assign]  # that is what this file is for
UpdateServer.write = around(UpdateServer.write)  # type: ignore[method-assign]  # as above

code = main(sys.argv[2:])
sys.stderr.write(f"moments: {passed}\n")
sys.exit(code)
