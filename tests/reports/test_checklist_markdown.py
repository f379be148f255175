from __future__ import annotations

from seppcheck.model.checklist import State
from seppcheck.reports.checklist_markdown import checklist_to_markdown
from tests.reports.checklists import COMMAND, checklist_of, hostile_checklist
from tests.reports.hostile import LIVE_ON_A_TERMINAL
from tests.reports.test_plan_markdown import ALLOWED, Page


def test_only_what_is_done_is_ticked() -> None:
    lines = checklist_to_markdown(checklist_of()).splitlines()
    ticked = [line for line in lines if line.startswith("- [x]")]
    unticked = [line for line in lines if line.startswith("- [ ]")]
    assert len(ticked) == 1
    assert len(unticked) == len(State) - len(ticked) + 1


def test_the_command_that_comes_next_can_be_copied() -> None:
    assert "seppcheck plan cutover --out 'my plan.json'" in Page(checklist_to_markdown(checklist_of(COMMAND))).blocks[0]


def test_hostile_text_is_nothing_but_text() -> None:
    written = checklist_to_markdown(hostile_checklist(COMMAND))
    for live in LIVE_ON_A_TERMINAL:
        assert live not in written
    page, harmless = Page(written), Page(checklist_to_markdown(checklist_of(COMMAND)))
    assert set(page.tags) <= ALLOWED
    for tag in ("input", "h1", "h2", "li", "pre"):
        assert page.tags.count(tag) == harmless.tags.count(tag), tag
