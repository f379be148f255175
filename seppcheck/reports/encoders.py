r"""Untrusted text on its way into a sink: one encoder for each.

Everything that came from outside may hold terminal escapes, markup, controls that turn the reading
direction, or megabytes. Every encoder first makes what nobody would see visible (`\x1b`, `\u202e`,
`\xa0`), then speaks its sink's own language.
"""

from __future__ import annotations

import html
import re
import string

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


_COMMAND = r"(?<!\S)`[^`|]+`(?=[.,;:)]?(?: |$))"
_PIECES = re.compile(rf"({_COMMAND}|[ |]+)")
_LINKED = re.compile(r"@|://|www\.|:\w+:|#\d|\$", re.IGNORECASE)
"""Words that renderers make into links, mentions, pictures or formulas, however they are escaped."""
_MARKUP = re.compile(r"[\\`*_\[\]<>|~&]")
_LEADING = re.compile(r"^(\d*)([-+#=:.)])")
"""What makes a line a heading, a list, a rule or the second line of a table."""


def for_markdown(value: str, *, limit: int = LONGEST) -> str:
    """Return one line of GitHub-flavoured Markdown that shows the text: no markup, link or HTML, fit for a table too.

    What a renderer would link becomes code; so does a command in backquotes, as our sentences have them.
    """
    pieces = _PIECES.split(visible(value, limit=limit).strip(" "))
    line = "".join(piece if place % 2 and "`" in piece else _markdown(piece) for place, piece in enumerate(pieces))
    return _LEADING.sub(r"\1\\\2", line)


def _markdown(piece: str) -> str:
    if not _LINKED.search(piece):
        return _MARKUP.sub(r"\\\g<0>", piece)
    quotes = "`" * (1 + _longest_run(piece))
    space = " " if piece[0] == "`" or piece[-1] == "`" else ""
    return f"{quotes}{space}{piece}{space}{quotes}"


def _longest_run(value: str) -> int:
    return max(map(len, re.findall("`+", value)), default=0)


def markdown_block(value: str, *, indent: int = 0, limit: int = LONGEST) -> str:
    """Return text as a fenced block, line by line, ready to be copied; `indent` puts it into an item of a list."""
    shown = visible(value, keep="\n", limit=limit)
    fence = "`" * max(3, 1 + _longest_run(shown))
    lines = (f"{fence}text", *shown.split("\n"), fence)
    return "\n".join(f"{' ' * indent}{line}" if line else "" for line in lines)


def for_sarif(value: str, *, keep: str = "\n", limit: int = LONGEST) -> str:
    """Return text for a SARIF message: nothing in it is a link (SARIF 2.1.0 section 3.11.6) or a placeholder (3.11.5).

    Both are taken apart by a space: not every reader knows the standard's escapes.
    """
    return _SARIF_SYNTAX.sub(r"\g<0> ", visible(value, keep=keep, limit=limit))


_SARIF_SYNTAX = re.compile(r"\](?=\()|\{(?=\d+\})")


def for_uri_path(value: str) -> str:
    """Return a relative path with `/` between its parts as a relative reference (RFC 3986 section 4.2)."""
    octets = value.encode("utf-8", "surrogatepass")
    return "".join(chr(octet) if chr(octet) in _IN_PATHS else f"%{octet:02X}" for octet in octets)


_IN_PATHS = frozenset(string.ascii_letters + string.digits + "-._~/")


def for_annotation(value: str, *, limit: int = LONGEST) -> str:
    """Return the message of a GitHub workflow command: one line, whose line feeds GitHub shows as such.

    A command begins at the beginning of a line, and no line begins within: every line break is escaped, and what
    GitHub would read as an escape is not one.
    """
    return visible(value, keep="\n", limit=limit).replace("%", "%25").replace("\n", "%0A")


def for_annotation_property(value: str, *, limit: int = LONGEST) -> str:
    """Return a property's value of a GitHub workflow command, such as the file's name."""
    return for_annotation(value, limit=limit).replace(":", "%3A").replace(",", "%2C")


def for_slack(value: str, *, limit: int = LONGEST) -> str:
    """Return text for Slack: `<!channel>`, links and entities stay text. It is `limit` characters long at most.

    For text objects of type plain_text: in them nothing else is markup.
    """
    shown = visible(value, limit=limit)
    while len(encoded := html.escape(shown, quote=False)) > limit:  # an entity counts with all its characters
        shown = f"{shown[: len(shown) - max(2, (len(encoded) - limit) // 5)]}…"
    return encoded


def for_adaptive_card(value: str, *, limit: int = LONGEST) -> str:
    """Return text for a TextRun of an Adaptive Card, which knows no Markdown; its functions ({{DATE(...)}}) stay text.

    In a TextBlock or a Fact it would be read as Markdown.
    """
    return visible(_FUNCTIONS.sub(r"\g<0> ", value[: limit + 1]), limit=limit)


_FUNCTIONS = re.compile(r"[{$](?=\{)")
"""What begins a function or an expression of a template; a space after it ends that."""


_SPELLED = str.maketrans(
    {
        **dict(zip("äöüÄÖÜß…", ("ae", "oe", "ue", "Ae", "Oe", "Ue", "ss", "..."), strict=True)),
        **dict.fromkeys("\u2013\u2014", "-"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
    }
)


def for_comment(value: str, *, limit: int = LONGEST) -> str:
    """Return one line in ASCII, for a comment in a script: umlauts are spelled, other characters shown by number."""
    return visible(value, limit=limit).translate(_SPELLED).encode("ascii", "backslashreplace").decode("ascii")


def for_powershell(value: str) -> str:
    """Return a PowerShell expression in ASCII that is exactly this text, in Windows PowerShell 5.1 and in 7.

    What is printable ASCII stands in single quotes, in which nothing is expanded; everything else is made from
    its number: line feeds, controls, and the typographic quotes, which end a string in PowerShell as well.
    """
    parts = [_numbered(run) if _UNSAFE.match(run) else _quoted(run) for run in _RUNS.findall(value)]
    if not parts or parts[0][0] != "'":
        parts.insert(0, "''")  # a number that stands first would be added to, not written behind
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


_RUNS = re.compile(r"[ -~]+|[^ -~]")
_UNSAFE = re.compile(r"[^ -~]")


def _quoted(run: str) -> str:
    return "'" + run.replace("'", "''") + "'"


def _numbered(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return " + ".join(f"[char]0x{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def for_zone_file(value: str) -> str:
    r"""Return one line of master-file text, octets that are not printable ASCII as `\ddd` (RFC 1035 section 5.1)."""
    octets = value.encode("utf-8", "surrogatepass")
    return "".join(chr(octet) if chr(octet) in _PRINTABLE else f"\\{octet:03d}" for octet in octets)


_PRINTABLE = frozenset(map(chr, range(0x20, 0x7F)))


def for_zone_name(value: str) -> str:
    """Return a name as one word of master-file text, escapes that it has kept."""
    return _OUTSIDE_NAMES.sub(lambda found: "".join(f"\\{ord(c):03d}" for c in found[0]), for_zone_file(value))


_OUTSIDE_NAMES = re.compile(r"[^A-Za-z0-9._*\\/-]")


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
