from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm

from seppcheck.plan_document import fingerprint_of
from seppcheck.reports.plan_markdown import to_markdown
from tests.reports.hostile import LIVE_ON_A_TERMINAL, hostile_plan
from tests.reports.plans import by_hand, completion_plan, cutover_plan, plan_of


class Page(HTMLParser):
    """What GitHub's parser makes of a runbook."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.blocks: list[str] = []
        self.headings: list[str] = []
        self._inside = ""
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside = tag if tag != "code" or self._inside != "pre" else "block"
        if self._inside == "block":
            self.blocks.append("")
        elif tag in ("h1", "h2"):
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "block":
            self.blocks[-1] += data
        elif self._inside in ("h1", "h2"):
            self.headings[-1] += data


ALLOWED = {"h1", "h2", "p", "ul", "li", "input", "strong", "code", "pre"}


def test_there_is_a_box_for_each_step_and_each_instruction_and_each_step_back() -> None:
    plan = cutover_plan()
    page = Page(to_markdown(plan))
    undone = [change for change in plan.changes if change.inverse is not None or change.id == "12"]
    instructions = 3 + 2
    assert page.tags.count("input") == len(plan.changes) + len(undone) + instructions
    assert set(page.tags) <= ALLOWED


def test_it_has_a_section_for_each_milestone_then_the_way_back_and_the_rest() -> None:
    assert Page(to_markdown(cutover_plan())).headings == [
        "Plan of the cutover",
        "Preparations",
        "Mail is held back",
        "The connectors are there",
        "The inline rule works",
        "The parallel rules rest",
        "MX points at the gateway",
        "Everybody sees the new MX",
        "Mail comes in through the gateway alone",
        "The way back",
        "Notes",
        "Could not look, so what these would have planned is not known",
    ]


def test_boxes_share_the_line_with_their_words() -> None:
    page = Page(to_markdown(cutover_plan()))
    assert not [pair for pair in zip(page.tags, page.tags[1:], strict=False) if pair == ("input", "p")]


def test_a_step_tells_everything() -> None:
    written = to_markdown(cutover_plan())
    assert (
        "- [ ] **9. Do what step 9 does** (automatic, DNS, dns-mx, C1)\n"
        "  - Why: the guide wants it\n"
        "  - Others may see for 60 minutes what was there before.\n"
        "  - Changed: MX records of example.org\n"
        "    - MX: − 0 example-org.mail.protection.outlook.com.\n"  # noqa: RUF001 - a minus
        "    - MX: + 10 secure.example.org.\n"
        "  - Undo: automatic."
    ) in written
    assert "  - **Do not stop here: two rules route mail, and it goes round in a circle**\n" in written
    assert f"- Fingerprint: {fingerprint_of(cutover_plan())}\n" in written


def test_values_to_be_copied_stand_in_blocks_of_their_own() -> None:
    page = Page(to_markdown(cutover_plan(), Path("cutover.json")))
    assert page.blocks == [
        "seppcheck apply cutover.json\n",
        "true\n",
        "seppcheck rollback cutover.json.journal.jsonl\n",
    ]


def test_no_value_can_close_its_block() -> None:
    value = "a\n```\n# b\n~~~\n````\n<b>\n\n- [ ] c"
    page = Page(to_markdown(plan_of(by_hand("1", steps=(f"Enter:\n{value}", "Click Save.")))))
    assert page.blocks[1] == f"{value}\n"
    assert set(page.tags) <= ALLOWED


def test_the_way_back_goes_backwards_and_says_where_there_is_none() -> None:
    back = to_markdown(cutover_plan()).split("## The way back\n")[1]
    numbers = [line.split("Undo ")[1].split(":")[0] for line in back.splitlines() if line.startswith("- [ ] **Undo ")]
    assert numbers == ["12", "11", "9", "8", "7", "6", "5", "4", "3", "1"]
    assert "**Undo 12: Do what step 12 does** (automatic, Exchange Online, ip-allow-list, R1, R2)\n" in back
    assert "  - There is no way back from this step.\n" in back
    assert "    - MX: + 0 example-org.mail.protection.outlook.com.\n  - Then wait for 60 minutes" in back
    assert "  - [ ] Set it back to false.\n" in back


def test_clearing_up_has_a_section_of_its_own() -> None:
    assert "What was kept for the way back goes" in Page(to_markdown(completion_plan())).headings


def test_a_plan_of_nothing_is_a_page_without_boxes() -> None:
    page = Page(to_markdown(plan_of()))
    assert "input" not in page.tags
    assert page.headings == ["Plan of the cutover"]


def test_hostile_text_is_nothing_but_text() -> None:
    written = to_markdown(hostile_plan())
    for live in LIVE_ON_A_TERMINAL:
        assert live not in written
    page = Page(written)
    harmless = Page(to_markdown(hostile_plan("x")))
    assert set(page.tags) <= ALLOWED
    for tag in ("input", "h1", "h2", "ul", "li", "pre"):
        assert page.tags.count(tag) == harmless.tags.count(tag), tag


def test_markup_of_its_own_does_not_come_alive_either() -> None:
    for canary in (
        "** x",
        "\n# x",
        "](http://x) [",
        "| a | b |",
        "```",
        "<img src=x>",
        "\n\n- [ ] x",
        "  \n",
        "`",
        "~~x~~",
    ):
        page = Page(to_markdown(hostile_plan(canary)))
        assert set(page.tags) <= ALLOWED, canary
        assert page.tags.count("h1") == 1, canary
