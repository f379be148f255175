r"""Untrusted text on its way into a sink: one encoder for each.

Everything that came from outside may hold terminal escapes, markup, controls that turn the reading
direction, or megabytes. Every encoder first makes what nobody would see visible (`\x1b`, `\u202e`,
`\xa0`), then speaks its sink's own language.
"""

from __future__ import annotations

import html

LONGEST = 2000
"""Characters of one text that a report shows."""


def visible(value: str, *, keep: str = "", limit: int = LONGEST) -> str:
    """Return the text with every character shown that does not show itself, and capped in length.

    That is what Python calls not printable: C0, C1, ESC, bidirectional and zero-width controls,
    lone surrogates, line separators, and every space but the plain one.

    Args:
        value: text from anywhere.
        keep: characters that stay as they are, such as a line feed where the sink has lines.
        limit: characters of `value` that are shown; how many more there are is said.
    """
    more = len(value) - limit
    shown = value[:limit] if more > 0 else value
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() or c in keep else _escaped(c) for c in shown)
    return f"{shown}… (+{more})" if more > 0 else shown


def _escaped(character: str) -> str:
    named = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(character)
    if named:
        return named
    digits = f"{ord(character):02x}"
    letter, width = next((letter, width) for letter, width in (("x", 2), ("u", 4), ("U", 8)) if len(digits) <= width)
    return f"\\{letter}{digits:0>{width}}"


def for_terminal(value: str, encoding: str = "utf-8", *, limit: int = LONGEST) -> str:
    """Return one line of text that a terminal of this encoding shows and does not obey."""
    return visible(value, limit=limit).encode(encoding, "backslashreplace").decode(encoding)


def for_xml(value: str, *, keep: str = "\n", limit: int = LONGEST) -> str:
    """Return XML character data, also fit for an attribute: no character that XML 1.0 forbids is left."""
    return html.escape(visible(value, keep=keep, limit=limit))


def for_json(value: str) -> str:
    """Return text that every JSON reader takes: lone surrogates, which UTF-8 cannot hold, are shown.

    Other controls stay: the JSON writer escapes them, and a program may want them as they were.
    """
    if value.isascii():
        return value
    return "".join(_escaped(c) if "\ud800" <= c <= "\udfff" else c for c in value)


def for_identifier(value: str, *, limit: int = 120) -> str:
    """Return a name of ASCII letters, digits, dot and hyphen alone; equal only for equal input.

    Every other byte of its UTF-8 form becomes `_` and two hexadecimal digits. A name beyond `limit` is
    cut, so callers that need unique names number equal ones.
    """
    if value.isascii() and value.replace("-", "").replace(".", "").isalnum():
        return value[:limit]
    return "".join(_safe(byte) for byte in value.encode("utf-8", "surrogatepass"))[:limit] or "-"


def _safe(byte: int) -> str:
    character = chr(byte)
    return character if character.isascii() and (character.isalnum() or character in ".-") else f"_{byte:02x}"


class Html(str):
    """Markup that is safe to stand in the page. Only `element` and `join` make it."""

    __slots__ = ()


def for_html(value: object, *, limit: int = LONGEST) -> Html:
    """Return markup as it is and everything else escaped, line feeds kept."""
    if isinstance(value, Html):
        return value
    return Html(html.escape(visible(str(value), keep="\n", limit=limit)))


def element(name: str, /, *children: object, **attributes: object) -> Html:
    """Return an element; children and attribute values are escaped unless they are markup already.

    Args:
        name: of the element, a literal.
        children: text or markup; `None` and empty text are left out.
        attributes: `class_` is `class`, `data_x` is `data-x`; `True` is an attribute without a value,
            `None` and `False` none at all.
    """
    given = "".join(
        _attribute(key, value) for key, value in attributes.items() if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    inside = "".join(for_html(child) for child in children if child not in (None, ""))
    return Html(f"<{name}{given}>{inside}</{name}>")


_VOID = frozenset({"meta", "input", "br", "hr"})


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(visible(str(value), limit=4 * LONGEST))}"'


def join(*parts: object) -> Html:
    """Return parts side by side, text escaped."""
    return Html("".join(for_html(part) for part in parts if part is not None))
