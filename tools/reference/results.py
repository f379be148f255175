"""reference/results.md: the fields of --json from their schema, and the closed lists with their words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from seppcheck.model.outcomes import Assurance, Outcome, Reason
from seppcheck.model.text import Message, text
from seppcheck.reports.words import ADVICE, ASSURANCES, REASONS, SEVERITIES, STATES
from tools.reference.speaking import NOTHING, Speaker, code, codes, joined

_REFERENCE = "#/$defs/"
_TYPES: Mapping[str, Message] = {
    "object": text("a table"),
    "array": text("a list"),
    "string": text("text"),
    "integer": text("a whole number"),
    "number": text("a number"),
    "boolean": text("true or false"),
    "null": text("null"),
    "any": text("any value"),
}
_OUTCOMES: Mapping[str, Message] = {
    Outcome.PASSED: text("as expected"),
    Outcome.FAILED: text("not as expected, and mail will suffer"),
    Outcome.WARNED: text("it works, and somebody should look at it"),
    Outcome.NOT_APPLICABLE: text("there is nothing to judge, and that is known for sure"),
    Outcome.INCONCLUSIVE: text("it could not be looked at; never green"),
    Outcome.WAIVED: text("failed or warned, and somebody answers for it until a day"),
    "not-due": text("a number of the guide whose phase is still to come, or that is only half looked at in this one"),
    "past": text("a number of the guide whose phase is over"),
    "not-selected": text("a number of the guide of which a check was left out by --only, --skip or [run] skip"),
}
_ASSURANCE: Mapping[str, Message] = {
    Assurance.OBSERVED: text("a program saw it, live, in an export or in a mail sample"),
    Assurance.ATTESTED: text("a person wrote it down, and that decided"),
    Assurance.NONE: text("nothing was seen"),
}


def schema() -> dict[str, Any]:
    """Return the published schema of the results."""
    content: dict[str, Any] = json.loads(
        (files("seppcheck.reports") / "results.schema.json").read_text(encoding="utf-8")
    )
    return content


@dataclass(frozen=True, slots=True)
class Field:
    """One field by its dotted path, and whether it is there whenever what it stands in is."""

    path: str
    given: Mapping[str, Any]
    always: bool


def fields(definition: Mapping[str, Any], path: str = "") -> Iterator[Field]:
    """Yield every field below a definition; what has a section of its own is not gone into."""
    mandatory = definition.get("required", ())
    for name, given in definition.get("properties", {}).items():
        yield Field(f"{path}{name}", given, name in mandatory)
        below = given.get("items", given)
        yield from fields(below, f"{path}{name}[]." if "items" in given else f"{path}{name}.")


def page(say: Speaker) -> str:
    """Return the page."""
    return joined(_lines(say))


def _lines(say: Speaker) -> Iterator[str]:
    published = schema()
    yield f"# {say(text('The results'))}"
    yield ""
    yield say(
        text(
            "What --json writes. Additions are compatible: readers ignore what they do not know. Anything else raises "
            "schema_version."
        )
    )
    yield ""
    yield from (f"## {say(text('The document'))}", "", *_fields(say, published))
    for name, definition in published["$defs"].items():
        if "properties" in definition:
            yield from (f"## {name}", "")
            yield from _fields(say, definition)
    yield from _lists(say)


def _fields(say: Speaker, definition: Mapping[str, Any]) -> Iterator[str]:
    head = (text("field"), text("type"), text("always there"), text("meaning"))
    rows = (
        [
            code(field.path),
            _type(say, field.given),
            say(text("yes") if field.always else text("no")),
            say(described(field.given)),
        ]
        for field in fields(definition)
    )
    yield from say.table(head, rows)


def described(given: Mapping[str, Any]) -> Message:
    """Return what the schema says of a field, or of what it refers to; a dash where it says nothing."""
    own = given.get("description")
    for reference in (given, *given.get("anyOf", ()), given.get("items", {})):
        own = own or schema()["$defs"].get(_name(reference), {}).get("description")
    return Message(own or NOTHING)


def _name(given: Mapping[str, Any]) -> str:
    return str(given.get("$ref", "")).removeprefix(_REFERENCE)


def _type(say: Speaker, given: Mapping[str, Any]) -> str:
    if "const" in given:
        return code(json.dumps(given["const"]))
    if "enum" in given:
        return codes("null" if each is None else str(each) for each in given["enum"])
    if "$ref" in given:
        return _referred(say, _name(given))
    if "anyOf" in given:
        return " / ".join(_type(say, each) for each in given["anyOf"])
    return _plain_type(say, given)


def _plain_type(say: Speaker, given: Mapping[str, Any]) -> str:
    if given.get("type") == "array" and "$ref" in given.get("items", {}):
        return f"{say(text('a list'))}: {_referred(say, _name(given['items']))}"
    types = given.get("type", "any")
    types = types if isinstance(types, list) else [types]
    return " / ".join(say(_TYPES[each]) for each in types)


def _referred(say: Speaker, name: str) -> str:
    definition = schema()["$defs"][name]
    if "properties" in definition:
        return f"[{name}](#{name})"
    return _type(say, definition) if name != "reason" else f"[{say(text('a reason'))}](#{_anchor(say)})"


def _anchor(say: Speaker) -> str:
    return say(text("Reasons")).lower()


def _lists(say: Speaker) -> Iterator[str]:
    yield from (f"## {say(text('Outcomes and states'))}", "")
    rows = ([code(key), say(STATES[key]), say(meaning)] for key, meaning in _OUTCOMES.items())
    yield from say.table([text("code"), text("in words"), text("meaning")], rows)
    yield from (f"## {say(text('Severities'))}", "")
    yield from say.table([text("code"), text("in words")], ([code(k), say(word)] for k, word in SEVERITIES.items()))
    yield from (f"## {say(text('Assurance'))}", "")
    rows = ([code(key), say(ASSURANCES[Assurance(key)]), say(meaning)] for key, meaning in _ASSURANCE.items())
    yield from say.table([text("code"), text("in words"), text("meaning")], rows)
    yield from (f"## {say(text('Reasons'))}", "")
    rows = (
        [
            f"[{code(key)}](../troubleshooting.md#{key})",
            say(word),
            say(ADVICE[key]) if isinstance(key, Reason) else NOTHING,
        ]
        for key, word in REASONS.items()
    )
    yield from say.table([text("code"), text("in words"), text("what to do")], rows)
