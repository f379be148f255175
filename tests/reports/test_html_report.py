from __future__ import annotations

import os
import re
import time
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from seppcheck.model.evidence import Provenance, Record, Unavailable
from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.phases import Phase
from seppcheck.model.results import Failed, Passed, Warned
from seppcheck.model.targets import Domain
from seppcheck.model.text import text
from seppcheck.reports import to_html
from seppcheck.reports.html_file import UnknownPageError, finished
from seppcheck.reports.html_report import to_html as to_html_in
from seppcheck.reports.times import both
from tests.reports import exchange_side
from tests.reports.conftest import Browse
from tests.reports.drifted import drifted_run
from tests.reports.hostile import hostile_run
from tests.reports.runs import (
    DOMAINS,
    GATEWAY,
    NOW,
    TENANT,
    certificate,
    many_results,
    mixed_run,
    mx_records,
    result,
    run_of,
)


class Document(HTMLParser):
    """What a reader without scripts gets."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.silent = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.silent += tag in ("style", "script", "template")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "script", "template")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.elements if "id" in attributes]


@pytest.fixture(scope="module")
def page() -> str:
    return to_html(mixed_run())


@pytest.fixture(scope="module")
def document(page: str) -> Document:
    return Document(page)


def test_the_page_is_readable_without_scripts_and_in_the_order_of_design(document: Document) -> None:
    heads = ["Do not start: 1 blocker", "The guide at a glance", "The way mail takes", "To do failed", "Passed and not"]
    places = [document.words.index(head) for head in heads]
    assert places == sorted(places)
    order = [name for name in document.ids if name in {"guide", "route", "unlooked", "todo", "passed", "certificates"}]
    assert order == ["guide", "route", "unlooked", "todo", "passed", "certificates"]


def test_nothing_is_loaded_from_elsewhere(page: str, document: Document) -> None:
    assert not document.every("link")
    for _, attributes in document.elements:
        for name in ("src", "href", "data", "action", "poster"):
            value = attributes.get(name) or ""
            assert value == "" or value.startswith("#") or "pypi.python.org/pypi/pytest-html" in value
    assert not re.search(r"url\((?!#)|@import", page)


def test_every_result_has_a_place_and_every_link_leads_somewhere(document: Document) -> None:
    ids = document.ids
    assert len(ids) == len(set(ids))
    wanted = {(a["href"] or "")[1:] for a in document.every("a") if (a.get("href") or "").startswith("#")}
    assert wanted <= set(ids)
    for check in ("dns-ptr::secure.example.org", "dns-mx-ttl::example.net", "gateway-mta::secure.example.org"):
        assert check in ids


def test_every_number_of_the_guide_is_a_tile_with_a_word(document: Document) -> None:
    for wanted in (
        "P1 failed",
        "P3 could not look",
        "P5 left out",
        "A1 not due",
        "K2 past",
        "R1 no check here",
        "I1 no check here",
    ):
        assert wanted in document.words
    tiles = [a for a in document.every("a") if "tile" in (a.get("class") or "")]
    assert {"#dns-ptr::secure.example.org", "#dns-mx-ttl::example.org"} <= {a["href"] for a in tiles}


def test_what_could_not_be_looked_at_stands_under_its_reason_with_what_to_do(document: Document) -> None:
    part = document.words[document.words.index("No answer in time") :]
    assert "Run again; if it stays silent" in part
    assert "there is no gateway record; `seppcheck attest` writes one" in part
    assert "mta-sts no policy is planned" in part
    assert "No check of this installation answers I1, I2." in part


def test_a_card_says_all_that_mending_needs(document: Document) -> None:
    card = document.words[document.words.index("To do failed blocker") :]
    for wanted in (
        "2001:db8::25 resolves back to host-25.isp.example instead of secure.example.org",
        "Expected secure.example.org Observed host-25.isp.example",
        "Preparation · P1",
        "Ask the provider of the address",
        "from dns · 192.0.2.53, 192.0.2.54 · 2026-11-24 08:00 UTC · observed",
    ):
        assert wanted in card


def test_differences_in_long_texts_are_marked(page: str) -> None:
    assert "<mark>ip4:203.0.113.26</mark>" in page
    assert "<mark>~all</mark>" in page


def test_failed_comes_before_warned_and_blockers_before_the_rest(page: str) -> None:
    cards = re.findall(r'<article id="([^"]+)"', page)
    assert cards == ["dns-ptr::secure.example.org", "dns-mx-ttl::example.org", "dns-spf-gateway::example.org"]


def test_the_page_can_be_used_by_keyboard_and_screen_reader(document: Document) -> None:
    tags = [tag for tag, _ in document.elements]
    assert [attributes.get("lang") for attributes in document.every("html")] == ["en"]
    for landmark in ("header", "nav", "main", "footer"):
        assert landmark in tags
    for section in document.every("section"):
        assert section["aria-labelledby"] in document.ids
    assert tags.count("table") - 2 == tags.count("caption"), "pytest-html's own two have none, and are not shown"
    assert all(attributes.get("scope") for attributes in document.every("th")[:-4])
    assert any(a.get("class") == "skip" and a.get("href") == "#todo" for a in document.every("a"))
    drawing = document.every("svg")[0]
    assert drawing["role"] == "img"
    assert all(name in document.ids for name in (drawing["aria-labelledby"] or "").split())


def test_certificates_waivers_settings_and_versions_are_there(document: Document) -> None:
    for wanted in (
        "CN=secure.example.org *.example.org",
        "until 2026-12-19",
        "25 days left",
        "no answer within 30 s",
        "Erika Mustermann",
        "gateway.smtp_port",
        "pytest-html",
    ):
        assert wanted in document.words


def test_the_way_of_mail_shows_what_the_evidence_shows(document: Document) -> None:
    for wanted in ("could not look: xn--mnchen-3ya.example", "goes elsewhere", "resolves back to host-25.isp.example"):
        assert wanted in document.words
    after = Document(to_html(mixed_run(phase=Phase.VERIFICATION)))
    assert "MX record to gateway broken" in after.words


def test_the_drawing_names_objects_states_and_the_hold_in_words(page: str, document: Document) -> None:
    drawing = Document(page[page.index("<svg") : page.index("</svg>")])
    for wanted in (
        "rule: [SEPPmail] - 200 Route outgoing",
        "connector: [SEPPmail] ExchangeOnline -> Appliance",
        "certificate: secure.example.org",
        "old outbound",
        "in use until the move",
        "past the gateway, 1 of 3 domains: example-org.mail.protection.outlook.com",
        "mail of 1 of 3 domains is held back",
        "7. Parallel mode: gateway to Exchange Online: in use until the move: connector old inbound",
    ):
        assert wanted in drawing.words
    crosses = [path for path in drawing.every("path") if path.get("class") == "cross"]
    assert crosses, "what is broken or held is no matter of colour alone"
    assert "disable_delivery holds back the mail of example.org" in document.words


def test_each_leg_links_to_the_results_that_keep_it_from_being_in_order(page: str) -> None:
    legs = page[page.index('<ol class="legs"') : page.index('<section id="unlooked"')]
    assert 'href="#dns-ptr::secure.example.org"' in legs
    assert 'href="#gateway-mta::secure.example.org"' in legs


def test_the_matrix_shows_who_expects_what(document: Document) -> None:
    part = document.words[document.words.index("The first to expire is that of") :]
    for wanted in (
        "Inbound connector (TlsSenderCertificateName)",
        "matches [SEPPmail] Appliance -> ExchangeOnline: secure.example.org",
        "does not match [SEPPmail] Appliance -> ExchangeOnline: secure.example.org",
        "matches [SEPPmail] ExchangeOnline -> Appliance: secure.example.org",
        "example.org: mx.example.org",
        "could not look 3 1 1 abcd",
    ):
        assert wanted in part


def test_a_replay_an_interruption_and_notes_are_said() -> None:
    words = Document(to_html(replace(mixed_run(), replay_of=NOW, interrupted=True))).words
    assert "This is a replay of what was gathered at 2026-11-24 08:00 UTC." in words
    assert "The run was interrupted" in words
    assert "Port 25 may be closed" in words


def test_a_page_about_nothing_is_no_good_news() -> None:
    words = Document(to_html(run_of(()))).words
    assert "Cannot tell whether you may start: nothing was checked." in words
    assert "No certificate was looked at." in words


def test_certificates_that_are_wrong_or_missing_are_told_apart() -> None:
    record = next(r for r in mixed_run().records if r.kind == "smtp-certificate")
    presented = record.content.presented[0]  # type: ignore[union-attr]  # the run was made with this evidence
    old = certificate(not_after=NOW, dns_names=("other.example",))
    wrong = replace(record, content=replace(record.content, presented=(replace(presented, chain=(old,)),)))  # type: ignore[type-var]  # as above
    missing = Record(record.kind, GATEWAY, Provenance("smtp", NOW), Unavailable(Reason.TIMEOUT, text("silent")))
    words = Document(to_html(mixed_run(records=(wrong, missing)))).words
    assert "does not match" in words
    assert "expired 2026-11-24" in words
    assert "could not look silent" in words


def test_a_page_in_german_says_that_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    german = {"To do": "Zu tun", "failed": "fehlgeschlagen", "Gateway": "Gateway"}
    page = to_html_in(mixed_run(language="de"), translate=lambda template: german.get(template, template))
    document = Document(page)
    assert [attributes.get("lang") for attributes in document.every("html")] == ["de"]
    assert "Zu tun fehlgeschlagen" in document.words


def test_nothing_hostile_is_live_in_a_browser(browse: Browse) -> None:
    page = to_html(hostile_run())
    probe = "<script>document.documentElement.dataset.inline='ran'</script>"
    dom = browse(page.replace("<footer>", f"{probe}<footer>", 1))
    assert "<title" in dom
    assert ">seppcheck · Readiness" in dom
    assert "data-inline" not in dom.partition("<head>")[0], "a script without a hash is not run: the policy is in force"
    document = Document(dom)
    assert not [a for tag, a in document.elements for name in a if name.startswith("on") and "owned" in (a[name] or "")]
    assert not [a for tag, a in document.elements if (a.get("href") or "").startswith("javascript:")]
    assert all(not a.get("src") for a in document.every("img")), "the one in pytest-html's template has none"
    assert "document.title='owned'" in document.words, "it is shown instead"
    assert r"\u202e" in document.words
    for name in (exchange_side.IN, exchange_side.OUT, "old inbound", "Erika Mustermann", "mail.example.net"):
        assert f"{name}<script>document.title='owned'</script>" in " ".join(document.text)
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_without_an_escape_the_browser_would_have_run_it(browse: Browse) -> None:
    live = "<!DOCTYPE html><title>calm</title><img src=x onerror=\"document.title='owned'\">"
    assert ">owned</title>" in browse(live)


def test_the_two_scripts_that_belong_there_do_run(page: str, browse: Browse) -> None:
    dom = browse(page)
    assert '<div class="filter" hidden' not in dom
    assert '<div class="filter">' in dom
    assert dom.count('id="not-found-message"') == 2, "pytest-html's own script filled its table in"
    assert "<button" in dom[dom.index('id="passed"') :]


def test_a_page_of_another_shape_is_refused_rather_than_published_without_policy() -> None:
    with pytest.raises(UnknownPageError):
        finished("<html><body>something else</body></html>", "en", alone=True)


def test_ten_thousand_results_stay_small_and_quick(browse: Browse) -> None:
    domains = tuple(Domain(f"customer-{number}.example.org") for number in range(500))
    held = [certificate(sha256=f"{number:064x}") for number in range(500)]
    written = [exchange_side.sender_certificate(domain, each) for domain, each in zip(domains, held, strict=True)]
    moved = [exchange_side.record(mx_records(domain, "mail.example.org."), domain) for domain in domains]
    tenant = exchange_side.record(exchange_side.parallel_flow(), TENANT)
    run = run_of(many_results(500, 20), records=(*written, *moved, tenant))
    begun = time.perf_counter()
    page = to_html(run)
    assert (time.perf_counter() - begun) / len(run.results) < 0.002
    assert len(page.encode()) < 6_000_000
    assert Document(page).words.count("customer-499.example.org") > 1
    assert page.count('class="row') == len(run.results)


def test_what_repeats_in_a_large_report_is_written_once() -> None:
    page = to_html(run_of(many_results(50, 20)))
    assert page.count("Lower the TTL of the MX record to 300 s in the zone.") == 20
    document = Document(page)
    wanted = {(a["href"] or "")[1:] for a in document.every("a") if (a.get("href") or "").startswith("#")}
    assert wanted <= set(document.ids)
    assert len(document.ids) == len(set(document.ids))


def test_many_targets_are_grouped() -> None:
    results = [result("dns-mx-ttl", replace(DOMAINS[0], name=f"d{n}.example"), Failed("no")) for n in range(8)]
    document = Document(to_html(run_of(results)))
    groups = [a for a in document.every("details") if a.get("class") == "group" and "open" in a]
    assert len(groups) == 8


def test_the_page_does_not_depend_on_where_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    trap = "raise RuntimeError('foreign code ran')"
    (tmp_path / "conftest.py").write_text(trap, encoding="utf-8")
    (tmp_path / "test_trap.py").write_text(trap, encoding="utf-8")
    (tmp_path / "foreign_plugin.py").write_text(trap, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option -p foreign_plugin")
    monkeypatch.setenv("PYTEST_PLUGINS", "foreign_plugin")
    before = dict(os.environ)
    page = to_html(mixed_run())
    assert "Do not start" in page
    assert capfd.readouterr() == ("", "")
    assert dict(os.environ) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "conftest.py", "foreign_plugin.py", "pytest.ini", "test_trap.py",
    ]  # fmt: skip


def test_no_path_of_this_machine_is_in_the_page(page: str) -> None:
    assert str(Path.cwd()) not in page


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.FAILED, Outcome.WARNED])
def test_the_seal_shows_the_verdict(outcome: Outcome) -> None:
    finding = {Outcome.PASSED: Passed("ok"), Outcome.FAILED: Failed("no"), Outcome.WARNED: Warned("hm")}[outcome]
    page = to_html(run_of([result("dns-ptr", GATEWAY, finding)]))
    state = "failed" if outcome is Outcome.FAILED else "passed"
    assert f'<header class="answer {state}"' in page


def test_times_stand_in_the_answer_in_utc_and_by_the_clock_on_the_wall(page: str, document: Document) -> None:
    assert f"the MX record may move at {both(NOW + timedelta(hours=3))}" in document.words
    assert '<ul class="moments"' in page[: page.index('class="facts"')]


def test_what_changed_since_the_baseline_stands_behind_the_answer_before_beside_after() -> None:
    document = Document(to_html(drifted_run()))
    assert [name for name in document.ids if name in {"answer", "drift", "guide", "todo"}] == [
        *("answer", "drift", "guide", "todo"),
    ]
    part = document.words[document.words.index("3 changes since the baseline of 2026-11-20 09:30 UTC changed") :]
    assert "SEPPmail inline · priority the rule SEPPmail inline stands behind others now Before 0 After 3" in part
    assert "Before — After 20 backup.example.net." in part
    assert "There is nothing to do." not in document.words
    assert "#drift" in {a.get("href") for a in document.every("a")}


def test_a_run_that_compares_nothing_has_no_section_for_changes(document: Document) -> None:
    assert "drift" not in document.ids
    assert "#drift" not in {a.get("href") for a in document.every("a")}
