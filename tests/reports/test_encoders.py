from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.reports.encoders import (
    element,
    for_html,
    for_identifier,
    for_json,
    for_terminal,
    for_xml,
    join,
    visible,
)

ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=60)


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x1b", r"\x1b"),
        ("\x9b", r"\x9b"),
        ("\n", r"\n"),
        ("\u202e", r"\u202e"),
        ("\ufeff", r"\ufeff"),
        ("\xa0", r"\xa0"),
        ("\udc80", r"\udc80"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_nobody_would_see_is_shown(character: str, shown: str) -> None:
    assert visible(f"a{character}b") == f"a{shown}b"


def test_text_that_shows_itself_stays_as_it_is() -> None:
    assert visible("Grüße aus München — 日本") == "Grüße aus München — 日本"


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    assert visible("x" * 30, limit=10) == "x" * 10 + "… (+20)"


@given(ANYTHING)
def test_no_text_can_steer_a_terminal(value: str) -> None:
    for encoding in ("utf-8", "cp1252", "ascii"):
        shown = for_terminal(value, encoding)
        assert shown.isprintable()
        assert shown.encode(encoding).decode(encoding) == shown


@given(ANYTHING)
def test_every_text_is_fit_for_xml(value: str) -> None:
    root = ET.fromstring(f'<a b="{for_xml(value, keep="")}">{for_xml(value)}</a>')  # noqa: S314 - our own document
    assert root.get("b") == visible(value)
    assert (root.text or "") == visible(value, keep="\n")


@given(ANYTHING)
def test_every_text_is_fit_for_json_and_readers_in_utf_8(value: str) -> None:
    written = json.dumps(for_json(value))
    json.loads(written).encode("utf-8")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.title: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.title = dict(attrs).get("title", self.title)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(ANYTHING)
def test_text_in_an_element_never_becomes_markup(value: str) -> None:
    reader = _Reader()
    reader.feed(element("p", value, title=value))
    reader.close()
    assert reader.tags == ["p"]
    assert reader.text == visible(value, keep="\n")
    assert reader.title == visible(value)


def test_markup_is_nested_and_text_beside_it_is_escaped() -> None:
    assert element("p", element("b", "<"), " & ") == "<p><b>&lt;</b> &amp; </p>"
    assert join(element("br"), "<") == "<br>&lt;"
    assert element("input", hidden=True, checked=False, value=0) == '<input hidden value="0">'
    assert for_html(element("i", "x")) == "<i>x</i>"


@given(ANYTHING, ANYTHING)
def test_identifiers_are_plain_and_differ_where_the_names_differ(one: str, other: str) -> None:
    a, b = for_identifier(one, limit=1000), for_identifier(other, limit=1000)
    assert a.isascii()
    assert not set(a) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert (a == b) == (one == other) or "-" in (one, other)


def test_a_domain_name_is_its_own_identifier() -> None:
    assert for_identifier("xn--mnchen-3ya.example.org") == "xn--mnchen-3ya.example.org"
    assert for_identifier("_dmarc.example") == "_5fdmarc.example"
    assert for_identifier("") == "-"
