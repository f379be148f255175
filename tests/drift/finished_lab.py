"""The finished lab with an accepted baseline, to be changed and put back: one lab for all that is tried on it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seppcheck.choices import Choices, request_of, with_baseline
from seppcheck.cli import main
from seppcheck.clock import Clock, utc_now
from seppcheck.lab import Lab
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.run import execute
from seppcheck.scenarios.appliances import DOMAINS
from seppcheck.scenarios.shape import GATEWAY
from seppcheck.scenarios.tenants import INLINE, RULE
from tests.lab.record_editor import Entry, enter

DOMAIN, OTHER_DOMAIN = DOMAINS[:2]
OUTBOUND: str = str(INLINE.outbound[0]["Name"])
INBOUND: str = str(INLINE.inbound[0]["Name"])
SPF = f'"v=spf1 a:{GATEWAY} include:spf.protection.outlook.com -all"'
__all__ = ["DOMAIN", "GATEWAY", "INBOUND", "OTHER_DOMAIN", "OUTBOUND", "RULE", "SPF", "Finished", "named", "sentences"]


def named(run: Run) -> set[tuple[str, str, str, str | None]]:
    """Return kind, object, what became of it, and the property, of everything that a run of drift found."""
    assert run.drift is not None
    return {(e.kind, e.object, e.change.value, e.property) for e in run.drift}


def sentences(run: Run) -> list[str]:
    assert run.drift is not None
    return [str(entry.summary) for entry in run.drift]


@dataclass(frozen=True)
class Finished:
    """The lab, and the commands on it."""

    lab: Lab

    @property
    def baseline(self) -> Path:
        return self.lab.folder / "seppcheck-baseline.json"

    def command(self, *words: str) -> int:
        return main([*words, "--config", str(self.lab.settings), "--no-progress", "--lang", "en"], clock=utc_now)

    def replay(self, *words: str) -> int:
        return main([*words, "--no-progress", "--lang", "en"], clock=utc_now)

    def accept(self) -> int:
        return self.command("baseline", "accept", "--quiet")

    def drift(self, *, clock: Clock = utc_now, **chosen: Any) -> Run:
        choices = Choices(**{"config": self.lab.settings, **chosen})
        return execute(with_baseline(request_of(choices, clock, "en"), Phase.DRIFT, self.baseline), Phase.DRIFT)

    def run(self, cmdlet: str, **parameters: object) -> list[dict[str, Any]]:
        assert self.lab.exchange is not None
        return self.lab.exchange.run(cmdlet, **parameters)

    def listed(self, noun: str, **changes: object) -> None:
        """Change the first object that a Get- cmdlet without a Set- of its own gives."""
        assert self.lab.exchange is not None
        self.lab.exchange.tenant.lists[noun][0].update(changes)

    def add(self, noun: str, name: str, **changes: object) -> None:
        """Add an object like the first one."""
        assert self.lab.exchange is not None
        objects = self.lab.exchange.tenant.lists[noun]
        objects.append({**objects[0], "Name": name, "Identity": name, "Guid": f"new-{name}", **changes})

    def remake(self, rule: dict[str, Any]) -> None:
        """Make a rule again that was removed."""
        assert self.lab.exchange is not None
        self.lab.exchange.tenant.rules.objects.append(
            {**rule, "Guid": "made-anew", "WhenChanged": "2026-11-24T08:00:00Z"}
        )

    def recorded(self, table: str, key: str) -> str:
        """Return a value of the record, as TOML."""
        lines = self.lab.record.read_text(encoding="utf-8").partition(f"[{table}]")[2].splitlines()
        return next(line.partition(" = ")[2] for line in lines if line.startswith(f"{key} = "))

    def edit(self, *entries: Entry) -> None:
        enter(self.lab.record, utc_now(), *entries)
        self.lab.catch_up()

    def replace(self, name: str, rdtype: str, *values: str, ttl: int = 300) -> None:
        self.lab.names.replace(name, rdtype, *values, ttl=ttl)

    def extra_rule(self, name: str, **more: object) -> dict[str, Any]:
        (made,) = self.run("New-TransportRule", Name=name, SubjectContainsWords=["[ticket]"], SetSCL=-1, **more)
        return made

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Put everything back as it was: the tenant, the record, the gateway, the zones, the history, the baseline."""
        lab = self.lab
        assert lab.exchange is not None
        tenant, gateway = lab.exchange.tenant, lab.gateway
        kept = copy.deepcopy((tenant.inbound, tenant.outbound, tenant.rules, tenant.lists))
        record, context, banner = lab.record.read_text(encoding="utf-8"), gateway.context, gateway.banner
        baseline = self.baseline.read_text(encoding="utf-8")
        history = set((lab.folder / ".seppcheck" / "history").glob("*.json"))
        zones = [(zone, list(zone.iterate_rdatasets())) for zone in self._zones()]
        try:
            yield
        finally:
            tenant.inbound, tenant.outbound, tenant.rules, tenant.lists = kept
            lab.record.write_text(record, encoding="utf-8", newline="\n")
            lab.catch_up()
            gateway.context, gateway.banner = context, banner
            self.baseline.write_text(baseline, encoding="utf-8", newline="\n")
            for path in set((lab.folder / ".seppcheck" / "history").glob("*.json")) - history:
                path.unlink()
            for zone, records in zones:
                _reset(zone, records)

    def _zones(self) -> list[Any]:
        return list({id(zone): zone for zones in self.lab.names.servers.values() for zone in zones}.values())


def _reset(zone: Any, records: list[Any]) -> None:
    with zone.writer(replacement=True) as change:
        for name, rdataset in records:
            change.add(name, rdataset)
