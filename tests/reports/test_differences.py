from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from seppcheck.reports.differences import marked
from seppcheck.reports.encoders import for_html


def test_words_that_differ_are_marked_on_both_sides() -> None:
    expected, observed = marked("v=spf1 mx ip4:192.0.2.1 ip4:192.0.2.2 -all", "v=spf1 mx ip4:192.0.2.1 ~all")
    assert expected == "v=spf1 mx ip4:192.0.2.1 <mark>ip4:192.0.2.2 -all</mark>"
    assert observed == "v=spf1 mx ip4:192.0.2.1 <mark>~all</mark>"


def test_short_texts_and_texts_without_likeness_are_not_marked() -> None:
    assert marked("300 s", "3600 s") == ("300 s", "3600 s")
    assert "<mark>" not in "".join(marked("a certificate in date, please", "expired on 2026-11-21 14:14 UTC"))


@given(st.text(max_size=80), st.text(max_size=80))
def test_marks_are_all_that_is_added(expected: str, observed: str) -> None:
    for original, shown in zip((expected, observed), marked(expected, observed), strict=True):
        assert re.sub(r"</?mark>", "", shown) == for_html(original)
