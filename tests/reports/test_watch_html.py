from __future__ import annotations

from seppcheck.reports.watch_html import to_html
from tests.reports.conftest import Browse
from tests.reports.hostile import hostile_run
from tests.reports.nights import GO, ZURICH, calm_night, hostile_night, night_of


def test_it_tells_the_night_in_order_in_both_times() -> None:
    page = to_html(calm_night(), ZURICH)
    steps = ["the watch began: No go", "No go → Cannot tell", "Cannot tell → Go", "How it stands"]
    assert sorted(steps, key=page.index) == steps
    assert "2026-11-24 08:02:00 UTC (09:02:00 +01:00)" in page
    assert "Watched by: erika@console" in page
    assert page.startswith("<!doctype html>")


def test_nothing_is_loaded_or_run_and_hostile_text_is_shown(browse: Browse) -> None:
    for night in (hostile_night(), night_of(hostile_run(), GO)):
        page = to_html(night, ZURICH)
        probe = "<script>document.documentElement.dataset.inline='ran'</script>"
        dom = browse(page.replace("<footer>", f"{probe}<footer>", 1))
        assert "data-inline" not in dom.partition("<head>")[0], "the policy lets no script run"
        assert "owned</title>" not in dom
        assert ">seppcheck · Protocol of the cutover" in dom
        for tag in ("<img", "<svg", "<iframe", "<link", "href="):
            assert tag not in dom
        assert "document.title='owned'" in dom
        assert r"\u202e" in dom


def test_the_style_is_in_force(browse: Browse) -> None:
    page = to_html(calm_night(), ZURICH)
    assert "default-src &#x27;none&#x27;; script-src &#x27;none&#x27;; style-src &#x27;sha256-" in page
    assert 'class="answer passed"' in browse(page)
