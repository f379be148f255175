from __future__ import annotations

import html
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.reports.encoders import (
    element,
    for_adaptive_card,
    for_annotation,
    for_annotation_property,
    for_comment,
    for_html,
    for_identifier,
    for_json,
    for_markdown,
    for_powershell,
    for_sarif,
    for_slack,
    for_terminal,
    for_uri_path,
    for_xml,
    for_zone_file,
    for_zone_name,
    join,
    markdown_block,
    visible,
)
from tests.reports.powershell_tree import every, parse, said

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


class _Markdown(HTMLParser):
    """What GitHub's parser makes of a text: the tags, and the text between them."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


MARKDOWN = st.lists(
    st.sampled_from([*"`*_[]()<>#|~&!$@:/\\.-+=1 a\n", "www.", "http://", "a@b.ch", ":x:", "<b>", "&lt;", "![x](y)"])
    | st.characters(codec="utf-8", exclude_characters="\x00"),
    max_size=30,
).map("".join)
SAID = re.compile(r"(?<!\S)`([^`|]+)`(?=[.,;:)]?(?: |$))")


def as_read(value: str) -> str:
    """Return what a reader sees: a command in backquotes without these, blanks as one."""
    return " ".join(SAID.sub(r"\1", visible(value).strip(" ")).split())


@given(MARKDOWN)
def test_text_in_markdown_is_nothing_but_text(value: str) -> None:
    shown = _Markdown(for_markdown(value))
    assert set(shown.tags) <= {"p", "code"}
    assert " ".join(shown.text.split()) == as_read(value)


@given(MARKDOWN)
def test_text_in_an_item_to_tick_is_nothing_but_text(value: str) -> None:
    shown = _Markdown(f"- [ ] **1. {for_markdown(value)}** (automatic)\n\n  Why: {for_markdown(value)}\n")
    assert set(shown.tags) <= {"ul", "li", "p", "input", "strong", "code"}
    assert shown.tags.count("input") == shown.tags.count("li") == 1


@given(MARKDOWN)
def test_text_in_a_table_stays_in_its_cell(value: str) -> None:
    shown = _Markdown(f"| a | b |\n| --- | --- |\n| {for_markdown(value)} | z |\n")
    assert set(shown.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    assert shown.tags.count("td") == 2
    assert " ".join(shown.text.split()) == " ".join(f"a b {as_read(value)} z".split())


@given(MARKDOWN)
def test_a_block_to_be_copied_is_what_it_was_even_within_a_list(value: str) -> None:
    shown = _Markdown(f"- [ ] one\n\n  1. two\n\n{markdown_block(value, indent=5)}\n\n  2. three\n")
    assert shown.tags.count("pre") == 1
    assert shown.tags.count("li") == 3
    assert not set(shown.tags) - {"ul", "ol", "li", "p", "input", "pre", "code"}
    assert visible(value, keep="\n") in shown.text


QUOTES = "'\"`\u2018\u2019\u201a\u201b\u201c\u201d\u201e$@(){}#>\r\n\x00\x1b\x85\u2028;|&"
POWERSHELL = {"verbatim_string_characters", "hexadecimal_integer_literal", "type_identifier", *"()[]+"}
SCRIPTED = st.text(st.sampled_from(QUOTES) | st.characters(codec=None, categories=None), max_size=40)


@given(SCRIPTED)
def test_text_in_powershell_is_exactly_that_text(value: str) -> None:
    expression = for_powershell(value)
    tree = parse(expression)
    assert {node.type for node in every(tree) if not node.children} <= POWERSHELL
    assert said(tree) == value


@given(SCRIPTED)
def test_a_comment_is_one_line_of_ascii(value: str) -> None:
    assert for_comment(value).isascii()
    assert for_comment(value).isprintable()


def test_a_german_comment_can_be_read_in_ascii() -> None:
    assert for_comment("„Grüße“ für Größe\n") == '"Gruesse" fuer Groesse\\n'


@given(SCRIPTED)
def test_text_in_a_zone_file_stays_on_its_line(value: str) -> None:
    for line in (for_zone_file(value), for_zone_name(value)):
        assert line.isascii()
        assert line.isprintable() or not line
    assert " " not in for_zone_name(value)


def test_names_and_values_of_records_are_what_they_were() -> None:
    assert for_zone_name("_25._tcp.mail.example.org") == "_25._tcp.mail.example.org"
    assert for_zone_name("a b;c") == "a\\032b\\059c"
    assert for_zone_file('"v=spf1 ü" "\\\\"') == '"v=spf1 \\195\\188" "\\\\"'


@given(ANYTHING)
def test_an_annotation_stays_on_its_line_and_is_read_as_it_was(value: str) -> None:
    for encode in (for_annotation, for_annotation_property):
        line = encode(value)
        assert len(line.splitlines()) <= 1
        assert not re.search("%(?!25|0A|3A|2C)", line)
    read = for_annotation(value).replace("%0A", "\n").replace("%25", "%")
    assert read == visible(value, keep="\n")
    assert not set(for_annotation_property(value)) & set(":,\r\n")


@given(ANYTHING | st.text(st.sampled_from("[](){}0 1\\"), max_size=20))
def test_text_in_sarif_holds_no_link_and_no_placeholder(value: str) -> None:
    shown = for_sarif(value)
    assert "](" not in shown
    assert not re.search(r"\{\d+\}", shown)
    assert shown.replace(" ", "") == visible(value, keep="\n").replace(" ", "")


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Z")), max_size=40))
def test_a_path_in_a_uri_is_that_path_and_nothing_else(value: str) -> None:
    path = f"x/{value}"
    parts = urlsplit(for_uri_path(path))
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert unquote(parts.path) == path


CHAT = st.text(
    st.sampled_from("<!channel>&;lt*_~`@#:{}$[]()|\n\x1b\u202e") | st.characters(codec=None, categories=None)
)


@given(CHAT, st.integers(5, 60))
def test_text_for_slack_holds_no_mark_and_no_torn_entity_and_fits(value: str, limit: int) -> None:
    shown = for_slack(value, limit=limit)
    assert len(shown) <= limit
    assert "<" not in shown
    assert ">" not in shown
    assert html.escape(html.unescape(shown), quote=False) == shown


@given(CHAT)
def test_text_for_slack_that_fits_is_all_of_it(value: str) -> None:
    assert html.unescape(for_slack(value, limit=10_000)) == visible(value, limit=10_000)


@given(CHAT)
def test_text_for_a_card_begins_no_function(value: str) -> None:
    shown = for_adaptive_card(value, limit=10_000)
    assert "{{" not in shown
    assert "${" not in shown
    assert shown.replace(" ", "") == visible(value, limit=10_000).replace(" ", "")
