"""PowerShell as its grammar reads it: whether a script is sound, and what its literals say."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter
import tree_sitter_powershell

_LANGUAGE = tree_sitter.Language(tree_sitter_powershell.language())


def parse(script: str) -> tree_sitter.Node:
    """Return the tree of a script in ASCII that has no error in it."""
    root = tree_sitter.Parser(_LANGUAGE).parse(script.encode("ascii")).root_node
    assert not root.has_error, next(_faults(root))
    return root


def _faults(root: tree_sitter.Node) -> Iterator[str]:
    for node in every(root):
        if node.is_error or node.is_missing:
            yield f"line {node.start_point.row + 1}: {text_of(node)[:200]}"


def every(node: tree_sitter.Node, *types: str) -> Iterator[tree_sitter.Node]:
    """Yield a node and everything in it, in order, of some types or of all."""
    waiting = [node]
    while waiting:
        this = waiting.pop()
        if not types or this.type in types:
            yield this
        waiting.extend(reversed(this.children))


def text_of(node: tree_sitter.Node) -> str:
    """Return the source of a node."""
    return (node.text or b"").decode("ascii")


def said(node: tree_sitter.Node) -> str:
    """Return the text that a string expression is: quoted runs and numbered characters, one behind the other."""
    units = b""
    for part in every(node, "verbatim_string_characters", "cast_expression"):
        found = text_of(part)
        if part.type == "cast_expression":
            units += int(found.removeprefix("[char]"), 16).to_bytes(2, "little")
        else:
            units += found[1:-1].replace("''", "'").encode("utf-16-le")
    return units.decode("utf-16-le", "surrogatepass")
