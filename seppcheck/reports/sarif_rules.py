"""The rules of a SARIF log: each check that ran, with its manual page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from seppcheck.model.checks import Check
from seppcheck.model.outcomes import Severity
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports import drift
from seppcheck.reports.encoders import for_markdown, for_sarif

DRIFT = "drift"
"""The rule of everything that differs from the baseline."""

LEVELS: Mapping[Severity, str] = {
    Severity.BLOCKER: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "error",
    Severity.LOW: "warning",
    Severity.ADVICE: "note",
}
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
"""What GitHub calls them."""
_LONGEST_DESCRIPTION = 1000
"""Characters; GitHub takes 1024. The help holds everything."""
_MOST_TAGS = 20
"""GitHub refuses more."""
_URL = re.compile(r"https://[A-Za-z0-9./_~%#?=&-]+[A-Za-z0-9/_~%#=&-]")
_RFC = re.compile(r"\bRFC (\d{1,5})\b")


class Rules:
    """The checks of a run, in the order of their first results; `places` are their places by id."""

    def __init__(self, run: Run, checks: Mapping[str, Check], say: Translate) -> None:
        self.run = run
        self.checks = checks
        self.translate = say
        self.first: dict[str, CheckResult] = {}
        for result in run.results:
            self.first.setdefault(result.check, result)
        ids = [*self.first, *([DRIFT] if run.drift is not None else [])]
        self.places = {name: place for place, name in enumerate(ids)}

    def say(self, message: Message) -> str:
        """Return a message in the run's language, fit for SARIF."""
        return for_sarif(message.render(self.translate))

    def descriptors(self) -> list[dict[str, Any]]:
        """Return the rules as SARIF has them."""
        found = [self._descriptor(result) for result in self.first.values()]
        return found if self.run.drift is None else [*found, self._drift()]

    def _descriptor(self, result: CheckResult) -> dict[str, Any]:
        check = self.checks.get(result.check)
        numbers = check.requirements if check else result.requirements
        level = LEVELS[result.severity]
        why = " ".join(each.render(self.translate) for each in self._why(result, check))
        rule: dict[str, Any] = {
            "id": for_sarif(result.check),
            "shortDescription": {"text": self.say(result.title)},
            "fullDescription": {"text": for_sarif(why, limit=_LONGEST_DESCRIPTION)},
            "help": {
                "text": "\n".join(self._help(result, check, markdown=False)),
                "markdown": "\n".join(self._help(result, check, markdown=True)),
            },
            "defaultConfiguration": {"level": level},
            "properties": {
                "tags": [for_sarif(tag) for tag in ("mail", *numbers)][:_MOST_TAGS],
                "severity": result.severity,
                "problem.severity": _PROBLEMS[level],
            },
        }
        uri = _uri(check)
        return rule if uri is None else {**rule, "helpUri": uri}

    def _why(self, result: CheckResult, check: Check | None) -> tuple[Message, ...]:
        return (check.manual.why if check else ()) or (result.title,)

    def _help(self, result: CheckResult, check: Check | None, *, markdown: bool) -> Iterator[str]:
        """Yield the manual page line by line."""
        encode = for_markdown if markdown else for_sarif
        for paragraph in self._why(result, check):
            yield from (encode(paragraph.render(self.translate)), "")
        lists = (
            (text("To mend"), check.manual.steps if check else result.steps, True),
            (text("Sources"), check.manual.sources if check else (), False),
        )
        for title, items, numbered in lists:
            if items:
                heading = encode(title.render(self.translate))
                yield from ((f"**{heading}**" if markdown else f"{heading}:"), "")
                for number, item in enumerate(items, 1):
                    yield f"{f'{number}.' if numbered else '-'} {encode(item.render(self.translate))}"
                yield ""
        if check is None:
            return
        command = text("The whole page: `seppcheck explain {check}`", check=result.check)
        yield encode(command.render(self.translate))

    def _drift(self) -> dict[str, Any]:
        title = self.say(drift.TITLE)
        told = self.say(drift.MENDING)
        return {
            "id": DRIFT,
            "shortDescription": {"text": title},
            "fullDescription": {"text": told},
            "help": {"text": told},
            "defaultConfiguration": {"level": "error"},
            "properties": {"tags": ["mail"], "problem.severity": "error"},
        }


def _uri(check: Check | None) -> str | None:
    """Return an official page among the sources: an address that stands there, else the first RFC."""
    sources = " ".join(source.template for source in check.manual.sources) if check else ""
    if url := _URL.search(sources):
        return url.group()
    rfc = _RFC.search(sources)
    return f"https://www.rfc-editor.org/rfc/rfc{rfc.group(1)}" if rfc else None
