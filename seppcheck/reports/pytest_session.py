"""A run's results as pytest items, and what pytest-html's hooks make of them.

Outcomes map to pytest's: failed fails, warned passes with a line in the summary, not applicable is
skipped, inconclusive is an error, waived fails as expected. What drifted fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seppcheck.model.drift import DriftEntry
from seppcheck.model.guide import Guide
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.run import Run, Verdict
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports.drift import compared
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.html_document import document, title
from seppcheck.reports.html_file import finished
from seppcheck.reports.order import drift_names, names, waivers_of
from seppcheck.reports.verdict import verdict_line


class _Judged(pytest.Item):
    """What was judged already and only tells pytest what came out; no traceback, for nothing crashed here."""

    def __init__(self, *, translate: Translate, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.translate = translate

    def say(self, message: Message) -> str:
        """Return a sentence that a terminal shows and does not obey."""
        return for_terminal(message.render(self.translate))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the message alone of what this item raised itself."""
        if isinstance(excinfo.value, pytest.fail.Exception):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where it stands: nowhere in a file."""
        return self.path, None, self.name


class DriftItem(_Judged):
    """One difference from the accepted baseline: a failure."""

    def __init__(self, *, entry: DriftEntry, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.entry = entry

    def runtest(self) -> None:
        """Fail with what it was and what it is."""
        pytest.fail("\n".join(map(self.say, (self.entry.summary, *compared(self.entry)))), pytrace=False)


class ResultItem(_Judged):
    """One result."""

    def __init__(self, *, result: CheckResult, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.result = result
        self.user_properties += [
            ("outcome", result.outcome.value),
            ("severity", result.severity.value),
            ("requirements", " ".join(result.requirements)),
        ]
        if result.outcome is Outcome.WARNED:
            self.user_properties.append(("warning", self.say(result.summary)))

    def setup(self) -> None:
        """Stop here when nothing could be told: pytest calls that an error, not a failure."""
        if self.result.outcome is Outcome.INCONCLUSIVE:
            pytest.fail(self.details(), pytrace=False)

    def runtest(self) -> None:
        """Come out as the result did."""
        match self.result.outcome:
            case Outcome.FAILED:
                pytest.fail(self.details(), pytrace=False)
            case Outcome.NOT_APPLICABLE:
                pytest.skip(self.say(self.result.summary))
            case Outcome.WAIVED:
                pytest.xfail("; ".join(self.say(waiver) for waiver in _waivers(self.result)))

    def details(self) -> str:
        """Return what did not pass, with expected and observed."""
        told = [f for f in self.result.findings if f.outcome in (self.result.outcome, Outcome.INCONCLUSIVE)]
        should = text("should be: {title}", title=self.result.title)
        return "\n".join(self.say(line) for line in (*(line for f in told for line in _lines(f)), should))


def _lines(finding: Finding) -> Iterator[Message]:
    yield finding.summary
    if finding.expected is not None:
        yield text("expected: {value}", value=finding.expected)
    if finding.observed is not None:
        yield text("observed: {value}", value=finding.observed)


def _waivers(result: CheckResult) -> Iterator[Message]:
    for waiver in waivers_of(result):
        yield text(
            "waived until {until} by {owner}: {reason}", until=waiver.until, owner=waiver.owner, reason=waiver.reason
        )


class RunPlugin:
    """Shows one run in a pytest session: its items, the last lines, and the page of pytest-html."""

    def __init__(self, run: Run, translate: Translate, guide: Guide, page: Path | None) -> None:
        self.run = run
        self.translate = translate
        self.guide = guide
        self.page = page
        self.ours: set[str] = set()
        self.alone = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """Collect our items alone where no path was given, instead of every test below this folder."""
        if session.config.args_source is pytest.Config.ArgsSource.ARGS:
            return None
        self.alone = True
        session.items = []
        hook = session.config.hook
        hook.pytest_collection_modifyitems(session=session, config=session.config, items=session.items)
        hook.pytest_collection_finish(session=session)
        session.testscollected = len(session.items)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Put our items before whatever else was collected, so that selecting by name reaches them too.

        The report of it is what makes pytest count them.
        """
        ours = [*self._results(session), *self._drift(session)]
        self.ours = {item.nodeid for item in ours}
        items[:0] = ours
        collected = pytest.CollectReport("", "passed", None, list(ours))
        session.config.hook.pytest_collectreport(report=collected)

    def _results(self, session: pytest.Session) -> Iterator[pytest.Item]:
        for nodeid, result in zip(names(self.run).values(), self.run.results, strict=True):
            check, _, target = nodeid.partition("::")
            item: pytest.Item = ResultItem.from_parent(
                session, name=f"{check}[{target}]", nodeid=nodeid, result=result, translate=self.translate
            )
            yield item

    def _drift(self, session: pytest.Session) -> Iterator[pytest.Item]:
        for entry, name in drift_names(self.run):
            item: pytest.Item = DriftItem.from_parent(
                session, name=f"drift[{name}]", nodeid=f"drift::{name}", entry=entry, translate=self.translate
            )
            yield item

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """Let no run that could not tell, or that drifted, end with 0; finish the page that pytest-html wrote."""
        yield
        unsure = self.run.counts[Outcome.INCONCLUSIVE] or self.run.verdict is Verdict.INCONCLUSIVE or self.run.drift
        if session.exitstatus == pytest.ExitCode.OK and unsure:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self.page is not None and self.page.is_file():
            written = finished(self.page.read_text(encoding="utf-8"), self.run.language, alone=self.alone)
            self.page.write_text(written, encoding="utf-8", newline="\n")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say the warnings, which pytest's own counts do not show, and the answer."""
        terminalreporter.write_sep("=", "seppcheck")
        for result in self.run.results:
            if result.outcome is Outcome.WARNED:
                sentence = text(
                    "warned: {check} {target}: {sentence}",
                    check=result.check,
                    target=result.target.name,
                    sentence=result.summary,
                )
                terminalreporter.write_line(for_terminal(sentence.render(self.translate)))
        terminalreporter.write_line(for_terminal(verdict_line(self.run, self.translate)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Name the page; where it is ours alone, what the environment holds is not for it."""
        report.title = title(self.run, self.translate)
        report.set_data("environment", {})

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: list[str]) -> None:
        """Leave our results out of pytest-html's own table: ours shows them, and needs no script for it."""
        if report.nodeid in self.ours:
            cells.clear()

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Put our report into the page."""
        prefix.append(document(self.run, self.guide, self.translate))
