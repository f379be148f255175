"""What pytest-html has no hook for: language, style, scripts and the content security policy.

pytest-html writes the file and carries our content in its summary. This step puts the rest into the head,
allows exactly the scripts and styles that belong there by their hashes, and nothing from elsewhere.
"""

from __future__ import annotations

import re
from importlib.resources import files

import pytest_html  # type: ignore[import-untyped]  # it ships no types

from seppcheck.reports.encoders import Html, join
from seppcheck.reports.html_head import meta, policy_of, resource, sheet_of

_STYLE = re.compile(r"<style[^>]*>.*?</style>", re.DOTALL)
_HEAD, _BODY, _END = '<meta charset="utf-8"/>', "<body>", "</body>"


class UnknownPageError(Exception):
    """The file is not what pytest-html writes: another version, or another plugin changed it."""


def finished(page: str, language: str, *, alone: bool) -> str:
    """Return the page as it may be published.

    Args:
        page: what pytest-html wrote.
        language: of the report, such as `de`.
        alone: whether it shows our results alone; its own style and empty tables are then left out.

    Raises:
        UnknownPageError: when the page is not laid out as expected, so that no page is ever published
            without its policy.
    """
    own_style = _STYLE.search(page)
    if own_style is None or any(page.count(mark) < 1 for mark in ("<html>", _HEAD, _BODY, _END)):
        raise UnknownPageError("pytest-html wrote a page without the places that this step fills")
    style, script = resource("style.css"), resource("script.js")
    theirs = "" if alone else _inside(own_style.group())
    styles = [sheet for sheet in (theirs, style) if sheet]
    scripts = [_runner(page), script]
    policy = policy_of([s for s in scripts if s], styles)
    head = join(Html(_HEAD), meta(policy), *map(sheet_of, styles))
    start, end = own_style.span()
    page = page[:start] + page[end:]
    page = page.replace("<html>", f'<html lang="{language}">', 1).replace(_HEAD, head, 1)
    page = page.replace(_BODY, '<body class="alone">' if alone else '<body class="shared">', 1)
    before, _, after = page.rpartition(_END)
    return f"{before}<script>{script}</script>{_END}{after}"


def _inside(markup: str) -> str:
    return markup.partition(">")[2].rpartition("</")[0]


def _runner(page: str) -> str:
    """Return pytest-html's own script as it stands in the page, and nothing else that calls itself one.

    Only a script that holds the file that pytest-html ships is allowed.
    """
    script = page.rpartition("<script>")[2].partition("</script>")[0]
    shipped = files(pytest_html).joinpath("resources", "app.js").read_text(encoding="utf-8")
    return script if script.strip() == shipped.strip() else ""
