"""A tenant's state, and the commands that read and change it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seppcheck.clock import Clock
from seppcheck.lab.exchange.refusals import NotFound, Refusal, UnknownParameter, WrongValue

Properties = dict[str, Any]
Parameters = Mapping[str, Any]


@dataclass
class Kept:
    """Objects of one sort. A new one stays unseen by the next `hidden[guid]` commands, as on another server."""

    objects: list[Properties] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=dict)

    def seen(self) -> list[Properties]:
        """Return what a command sees."""
        return [found for found in self.objects if not self.hidden.get(found["Guid"])]

    def find(self, identity: object) -> Properties:
        """Return an object by its name, distinguished name or Guid, without case.

        Raises:
            NotFound: when there is none.
        """
        found = self.match(identity)
        if found is None:
            raise NotFound(identity)
        return found

    def match(self, identity: object) -> Properties | None:
        """Return an object by its identity, or None."""
        wanted = str(identity).strip().lower()
        keys = ("Guid", "Identity", "Name", "DistinguishedName")
        return next((o for o in self.seen() if any(str(o.get(key, "")).lower() == wanted for key in keys)), None)

    def named(self, name: object) -> Properties | None:
        """Return an object by its name, an unseen one as well."""
        return next((o for o in self.objects if str(o["Name"]).lower() == str(name).lower()), None)

    def pass_by(self) -> None:
        """Let a command pass: what is unseen comes nearer."""
        self.hidden = {guid: left - 1 for guid, left in self.hidden.items() if left > 1}


@dataclass
class Tenant:
    """A tenant. Its lists may be read and changed from any thread by whoever holds `lock`."""

    name: str
    guid: str
    clock: Clock
    inbound: Kept = field(default_factory=Kept)
    outbound: Kept = field(default_factory=Kept)
    rules: Kept = field(default_factory=Kept)
    lists: dict[str, list[Properties]] = field(default_factory=dict)
    """What other Get- cmdlets give, by the noun: AcceptedDomain, DkimSigningConfig, ..."""
    hide_new: int = 0
    """By how many of the next commands an object that is made now is not seen."""
    prohibits_onpremises: bool = False
    """Whether new inbound connectors of type OnPremises are refused (EX505293)."""
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def distinguished(self, name: str, container: str) -> str:
        """Return the distinguished name of an object."""
        escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace(",", "\\,")
        return f"CN={escaped},CN={container},CN=Transport Settings,CN=Configuration,CN={self.name}"

    def add(self, kept: Kept, properties: Properties, container: str) -> Properties:
        """Keep a new object: identity, Guid and times are made here."""
        made = {**properties, **self.identity(str(properties["Name"]), container), **times(self.clock())}
        made["Guid"] = str(uuid.uuid4())
        made["WhenCreated"], made["WhenCreatedUTC"] = made["WhenChanged"], made["WhenChangedUTC"]
        made["IsValid"] = True
        kept.objects.append(made)
        if self.hide_new:
            kept.hidden[made["Guid"]] = self.hide_new
        return made

    def change(self, found: Properties, changes: Properties, container: str) -> None:
        """Change an object, and note when."""
        found.update(changes)
        found.update(self.identity(str(found["Name"]), container), **times(self.clock()))

    def identity(self, name: str, container: str) -> Properties:
        """Return what names an object."""
        return {"Name": name, "Identity": name, "Id": name, "DistinguishedName": self.distinguished(name, container)}


Command = Callable[[Tenant, Parameters], list[Properties]]


@dataclass(frozen=True, slots=True)
class Cmdlet:
    """A command: what it takes, and what it does; it gives the objects that it outputs."""

    parameters: frozenset[str]
    run: Command
    writes: bool = False

    def __call__(self, tenant: Tenant, parameters: Parameters) -> list[Properties]:
        """Run it.

        Raises:
            Refusal: as Exchange refuses.
        """
        for name in parameters:
            if name not in self.parameters:
                raise UnknownParameter(
                    "Parameter set cannot be resolved using the specified named parameters. "
                    f"A parameter cannot be found that matches parameter name '{name}'."
                )
        with tenant.lock:
            try:
                return self.run(tenant, parameters)
            finally:
                for kept in (tenant.inbound, tenant.outbound, tenant.rules):
                    kept.pass_by()


def get(select: Callable[[Tenant], list[Properties]]) -> Command:
    """Return a Get-: without an Identity, with a null one or one that is not there, it gives everything."""

    def run(tenant: Tenant, parameters: Parameters) -> list[Properties]:
        found = select(tenant)
        wanted = str(parameters.get("Identity") or "").lower()
        keys = ("Guid", "Identity", "Name", "DistinguishedName", "DomainName")
        chosen = [o for o in found if wanted and any(str(o.get(key, "")).lower() == wanted for key in keys)]
        return _limited(chosen or found, parameters.get("ResultSize"))

    return run


def _limited(found: list[Properties], size: object) -> list[Properties]:
    if size is None or str(size).lower() == "unlimited":
        return found
    if not str(size).isdecimal():
        raise WrongValue("Cannot process argument transformation on parameter 'ResultSize'.")
    return found[: int(str(size))]


def identity_of(parameters: Parameters) -> object:
    """Return the Identity that a change demands.

    Raises:
        Refusal: when there is none.
    """
    if not parameters.get("Identity"):
        raise Refusal(
            "Cannot bind argument to parameter 'Identity' because it is null.",
            "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterBindingException",
        )
    return parameters["Identity"]


def times(at: datetime) -> Properties:
    """Return when an object was changed, in both of Exchange's forms."""
    return {
        "WhenChanged": f"{at:%Y-%m-%dT%H:%M:%S}.0000000+00:00",
        "WhenChangedUTC": f"{at:%Y-%m-%dT%H:%M:%S}.0000000Z",
    }
