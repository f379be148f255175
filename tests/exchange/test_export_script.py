from __future__ import annotations

import re

import tree_sitter
import tree_sitter_powershell

from seppcheck.exchange.cmdlets import QUERIES
from seppcheck.exchange.export_script import export_script

ONLY_IN_7 = ("-AsArray", "??", "?.", "-AsUTC", "utf8NoBOM", "&&", "||")


def test_the_script_is_sound_powershell() -> None:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    assert not parser.parse(export_script().encode("ascii")).root_node.has_error


def test_it_writes_every_file_that_is_read_and_calls_nothing_that_writes() -> None:
    script = export_script()
    queries = [query for kind in QUERIES.values() for query in kind]
    assert re.findall(r"Export-List '([^']+)'", script) == [query.name for query in queries]
    assert not re.search(r"\b(Set|New|Remove|Enable|Disable)-(?!Item\b|Object\b|StrictMode\b|Content\b)\w+", script)


def test_a_cmdlet_that_fails_stops_instead_of_giving_an_empty_list() -> None:
    calls = re.findall(r"\{ (Get-\w+[^}]*) \}", export_script())
    assert calls
    assert all(call.endswith("-ErrorAction Stop") for call in calls)


def test_it_needs_nothing_that_only_powershell_7_knows() -> None:
    code = "\n".join(line for line in export_script().splitlines() if not line.lstrip().startswith("#"))
    assert not [word for word in ONLY_IN_7 if word in code]
    assert "ContainsKey('EnumsAsStrings')" in code
