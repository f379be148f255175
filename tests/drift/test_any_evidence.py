"""Evidence of plugins is compared field by field, whatever the fields are called."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from seppcheck.drift.any_evidence import projector_of
from seppcheck.drift.projection import View
from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.targets import Gateway, Site, Tenant

GATEWAY = Gateway("gw.test")
VIEW = View(Site(GATEWAY, (), Tenant("")), GATEWAY, datetime(2026, 11, 24, tzinfo=UTC))


class Foreign:
    """What has no text of its own."""


@dataclass(frozen=True)
class Inner:
    origin: str
    read: int
    volatile = ("read",)


@evidence("outer", target=Gateway)
@dataclass(frozen=True)
class Outer(Evidence):
    inner: Inner
    read: int = 0
    foreign: object = None
    volatile = ("read",)


def kept(found: Evidence) -> dict[str, Any]:
    return dict(projector_of(type(found)).project(found, VIEW).objects[GATEWAY.name])


@pytest.mark.parametrize("name", ["file", "at", "origin", "against", "resolvers", "voice"])
def test_no_name_of_a_field_hides_it(name: str) -> None:
    kind = make_dataclass("Kind", [(name, str)], bases=(Evidence,), frozen=True)
    assert kept(kind("x")) == {name: "x"}


def test_only_what_is_volatile_is_left_out_at_any_depth() -> None:
    assert kept(Outer(Inner("here", 1), 2)) == {"inner": {"origin": "here"}, "foreign": None}


def test_a_foreign_object_is_the_same_at_every_run() -> None:
    found = Outer(Inner("", 0), foreign=Foreign())
    assert kept(found) == kept(replace(found, foreign=Foreign()))
    assert "0x" not in kept(found)["foreign"]
