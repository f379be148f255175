from __future__ import annotations

from seppcheck.exchange.export_script import export_script
from tests.cli.conftest import Call


def test_the_script_comes_alone_so_that_it_can_be_redirected(call: Call) -> None:
    answer = call("explain", "exchange-export", "--lang", "de")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == export_script()
