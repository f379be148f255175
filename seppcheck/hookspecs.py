"""The one hook through which a distribution adds plugins."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

spec = pluggy.HookspecMarker("seppcheck")


@spec
def seppcheck_plugins() -> Iterable[object]:  # type: ignore[empty-body]  # a specification has none
    """Return what this distribution adds: marked functions, evidence classes, or modules that hold them."""
