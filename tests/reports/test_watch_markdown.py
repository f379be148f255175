from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import cmarkgfm
import pytest

from seppcheck.model.watching import Ending
from seppcheck.reports.watch_markdown import to_markdown
from tests.reports.hostile import LIVE_ON_A_TERMINAL, hostile_run
from tests.reports.nights import GO, ZURICH, calm_night, hostile_night, night_of


class Page(HTMLParser):
    """What GitHub's parser makes of a protocol."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.attributes: set[str] = set()
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def test_it_tells_who_watched_what_happened_when_in_both_times_and_how_it_ended() -> None:
    words = Page(to_markdown(calm_night(), ZURICH)).words
    for told in (
        "Protocol of the cutover",
        "Go: move the MX now",
        "Watched by: erika@console",
        "2026-11-24 08:00:00 UTC (09:00:00 +01:00): the watch began: No go",
        "2026-11-24 08:02:00 UTC (09:02:00 +01:00): No go → Cannot tell",
        "Cannot tell → Go",
        "the mail of example.org is not held back",
        "dns-ptr of secure.example.org: failed: ",
        "observed by dns at 2026-11-24 08:00:00 UTC (09:00:00 +01:00): 192.0.2.53, 192.0.2.54",
        "The watch goes on, or was cut off: this is what it had seen by then.",
        "the MX record may move at 2026-11-24 08:12 UTC (09:12 +01:00)",
    ):
        assert told in words, told
    assert words.index("No go → Cannot tell") < words.index("Cannot tell → Go") < words.index("How it stands")


def test_hostile_text_is_text_in_github_too() -> None:
    for night in (hostile_night(), night_of(hostile_run(), GO)):
        markdown = to_markdown(night, ZURICH)
        page = Page(markdown)
        assert page.tags <= {
            *("h1", "h2", "h3", "p", "ul", "li", "strong", "code"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        }
        assert not page.attributes
        assert "document.title='owned'" in page.words
        assert not [live for live in LIVE_ON_A_TERMINAL if live in markdown]


@pytest.mark.parametrize(
    ("ended", "told"), [(Ending.REACHED, "where it was told to"), (Ending.INTERRUPTED, "ended with Ctrl-C")]
)
def test_the_end_is_told(ended: Ending, told: str) -> None:
    assert told in to_markdown(replace(calm_night(), ended=ended), ZURICH)
