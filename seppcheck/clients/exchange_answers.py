"""A command to Exchange Online as it is sent, and what its answer holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seppcheck.clients.http import HttpAnswer, HttpFault
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import text

_CUT = re.compile(r"more results|ResultSize|truncated|not all", re.IGNORECASE)

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """A cmdlet with its parameters, and until when it may take, by `time.monotonic()`."""

    cmdlet: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    until: float = 0.0

    @property
    def body(self) -> Mapping[str, Any]:
        """What InvokeCommand takes."""
        return {"CmdletInput": {"CmdletName": self.cmdlet, "Parameters": dict(self.parameters)}}

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return not self.cmdlet.startswith("Get-")


@dataclass(frozen=True, slots=True)
class Page:
    """The objects of one answer, and where the next ones are."""

    records: tuple[Record, ...]
    next: str = ""

    @classmethod
    def of(cls, answer: HttpAnswer, command: Command) -> Page:
        """Read an answer of status 2xx.

        Raises:
            HttpFault: `malformed`, or `incomplete` for a list that may be cut.
        """
        if not answer.body and command.writes:
            return cls(())  # 204, as commands that write answer
        document = answer.json()
        records = document.get("value") if isinstance(document, Mapping) else None
        if not isinstance(records, list) or not all(isinstance(record, Mapping) for record in records):
            sentence = text("{host} answered {cmdlet} with no list of objects", host=answer.host, cmdlet=command.cmdlet)
            raise HttpFault(Reason.MALFORMED, sentence)
        if command.writes:
            return cls(tuple(records))  # its warnings are about what was done, not about a list
        warnings = document.get("@adminapi.warnings") or []
        for warning in map(str, warnings if isinstance(warnings, list) else [warnings]):
            if _CUT.search(warning):
                raise incomplete(command, warning[:300])
        return cls(tuple(records), str(document.get("@odata.nextLink") or ""))


def incomplete(command: Command, problem: str) -> HttpFault:
    """Return the fault of a list that may be cut."""
    sentence = text(
        "the list of {cmdlet} may be cut, so it is not judged: {problem}", cmdlet=command.cmdlet, problem=problem
    )
    return HttpFault(Reason.INCOMPLETE, sentence)


def exported_cmdlets(answer: HttpAnswer) -> frozenset[str] | None:
    """Return the names of cmdlets in an answer of EXOModuleFile, lower-case; None when it holds no such list."""
    try:
        document = answer.require_success().json()
    except HttpFault:
        return None
    files = document.get("value") if isinstance(document, Mapping) else None
    tables = [each for each in files if isinstance(each, Mapping)] if isinstance(files, list) else []
    names = {name.strip().lower() for each in tables for name in str(each.get("exportedCmdlets") or "").split(",")}
    return frozenset(names - {""}) or None
