"""The head of a page of ours: the content security policy, the style, and whole pages that need no script."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from seppcheck.reports.encoders import Html, element, join

_NONE = "'none'"


def page_of(title: str, body: Html, language: str) -> str:
    """Return a whole page: one file, our style, no script."""
    style = resource("style.css")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        meta(policy_of([], [style])),
        element("title", title),
        sheet_of(style),
    )
    return f"<!doctype html>\n{element('html', head, element('body', body, class_='own'), lang=language)}\n"


def sheet_of(style: str) -> Html:
    """Return a style sheet of ours as it stands in the head."""
    return Html(f"<style>{style}</style>")


def meta(policy: str) -> Html:
    """Return what every page of ours tells the browser."""
    return join(
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
    )


def policy_of(scripts: list[str], styles: list[str]) -> str:
    """Return a policy that allows these scripts and styles, by their hashes, and nothing from elsewhere."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts)) or _NONE}",
            f"style-src {' '.join(map(_hash, styles)) or _NONE}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def resource(name: str) -> str:
    """Return the content of a file that the reports come with."""
    return files("seppcheck.reports").joinpath(name).read_text(encoding="utf-8")
