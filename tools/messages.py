"""Collect what the product says to people, and keep the catalogues of seppcheck/locale up to date.

`python tools/messages.py` (or `make messages`) adds new messages to every catalogue with an empty translation,
drops those that the source no longer has, and compiles the catalogues. It tells what is left to translate.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from seppcheck import plugins
from tools.reference import command_tree, configuration, results

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("seppcheck", "checks", "remediations", "tools/reference")
KEYWORDS = frozenset(
    {"_", "text", "Passed", "Failed", "Warned", "NotApplicable", "Inconclusive", "UserError"},
)
CATALOGUES = ROOT / "seppcheck" / "locale"
GUIDE = ROOT / "checks" / "guide.toml"
GUIDE_KEYS = frozenset({"title", "chapter", "name", "step", "menu", "departure"})
_FIELD = re.compile(r"\{[a-z_]*\}")

Collected = dict[str, set[str]]
"""Messages, each with the files that it stands in."""


def collect() -> Collected:
    """Return every message of the product: in the source, the manual pages and the guide's titles."""
    found: Collected = defaultdict(set)
    for path in python_files():
        for message in in_source(ast.parse(path.read_text(encoding="utf-8"))):
            found[message].add(path.relative_to(ROOT).as_posix())
    for message, place in (*in_manuals(), *in_guide(), *in_reference()):
        found[message].add(place)
    return dict(found)


def python_files() -> Iterator[Path]:
    """Yield the product's source files."""
    for folder in SOURCES:
        yield from sorted((ROOT / folder).rglob("*.py"))


def templates(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the first argument of every call that says something; `record.text("...")` is a method of another kind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in KEYWORDS:
            yield node.args[0]


def in_source(tree: ast.AST) -> Iterator[str]:
    """Yield the literal templates of a module; both of `"..." if condition else "..."`."""
    for template in templates(tree):
        yield from _literals(template)


def _literals(template: ast.expr) -> Iterator[str]:
    match template:
        case ast.Constant(value=str(message)) if _says_something(message):
            yield message
        case ast.IfExp(body=one, orelse=other):
            yield from (*_literals(one), *_literals(other))


def _says_something(message: str) -> bool:
    """Tell sentences from mere frames such as `{name}: {value}`."""
    return any(letter.isalpha() for letter in _FIELD.sub("", message))


def in_manuals() -> Iterator[tuple[str, str]]:
    """Yield what the checks' manual pages say."""
    for identifier, check in plugins.load(sources=False).checks.items():
        manual = check.manual
        for message in (manual.title, *manual.why, *manual.steps, *manual.sources):
            yield message.template, f"checks/{identifier.replace('-', '_')}.py"


def in_guide() -> Iterator[tuple[str, str]]:
    """Yield the titles of the guide's numbers and chapters, and what it says at each number."""
    if GUIDE.exists():
        content = tomllib.loads(GUIDE.read_text(encoding="utf-8"))
        for message in _titles(content):
            yield message, GUIDE.relative_to(ROOT).as_posix()


def _titles(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _titles(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in GUIDE_KEYS:
                yield value
            else:
                yield from _titles(value)


def in_reference() -> Iterator[tuple[str, str]]:
    """Yield what the reference pages take from click, the models of the settings and the schema of the results."""
    for name, command in command_tree.every_command():
        place = f"seppcheck/cli/{name.split()[1]}.py"
        helps = (command.help, *(getattr(each, "help", None) for each in command.params))
        yield from ((" ".join(words.split()), place) for words in helps if words)
    for _, model in configuration.sections():
        described = (model.__doc__, *(field.description for field in configuration.keys(model).values()))
        yield from ((" ".join(words.split()), "seppcheck/settings/sections.py") for words in described if words)
    published = results.schema()
    for definition in (published, *published["$defs"].values()):
        described = (definition.get("description"), *(f.given.get("description") for f in results.fields(definition)))
        yield from ((words, "seppcheck/reports/results.schema.json") for words in described if words)


def catalogue_files() -> list[Path]:
    """Return the .po file of every language."""
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/seppcheck.po"))


def read(path: Path) -> Catalog:
    """Read a .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain="seppcheck")


def update(path: Path, messages: Collected) -> list[str]:
    """Bring one catalogue up to date and compile it; return what is not translated."""
    old = read(path)
    new = Catalog(
        locale=path.parent.parent.name,
        project="seppcheck",
        version="0",
        msgid_bugs_address="-",
        last_translator="The seppcheck authors",
        language_team="The seppcheck authors",
        header_comment=old.header_comment,
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        fuzzy=False,
    )
    for message, places in sorted(messages.items()):
        known = old.get(message)
        new.add(message, known.string if known else "", locations=[(place, 1) for place in sorted(places)])
    with path.open("wb") as file:
        write_po(file, new, width=120, include_lineno=False, sort_output=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, new)
    return [str(message.id) for message in new if message.id and not message.string]


def main() -> int:
    """Update every catalogue; 1 when something is left to translate."""
    messages, missing = collect(), []
    for path in catalogue_files():
        left = update(path, messages)
        missing += left
        print(f"{path.relative_to(ROOT)}: {len(messages)} messages, {len(left)} to translate")
        for message in left:
            print(f"  {message}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
