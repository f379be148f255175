"""Values as PowerShell expressions in ASCII, in which nothing is expanded."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from seppcheck.reports.encoders import for_powershell

_LARGEST = 2**63 - 1
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,127}")


def for_script(value: object) -> str:
    """Return an expression of exactly this value; what PowerShell has no form for becomes text."""
    match value:
        case list() | tuple():
            return f"@({', '.join(map(for_script, value))})"
        case Mapping():
            pairs = "; ".join(f"{for_script(str(name))} = {for_script(inner)}" for name, inner in value.items())
            return f"@{{ {pairs} }}" if pairs else "@{}"
        case None | bool():
            return {None: "$null", True: "$true", False: "$false"}[value]
        case int() | float() if math.isfinite(value) and abs(value) <= _LARGEST:
            return repr(float(value)) if isinstance(value, float) else str(int(value))
    return for_powershell(str(value))


def table(values: Mapping[str, object]) -> str:
    """Return a hash table with a line for each key."""
    lines = "".join(f"    {for_script(name)} = {for_script(value)}\n" for name, value in values.items())
    return f"@{{\n{lines}}}" if lines else "@{}"


def is_parameter(name: str) -> bool:
    """Tell whether a name can stand behind a hyphen."""
    return _WORD.fullmatch(name) is not None
