from __future__ import annotations

from typing import Any

import pytest

from remediations.outbound_connector_tls import demand_a_trusted_certificate as planner
from seppcheck.api import Milestone, SmtpCertificate
from tests.checks.evidence import certificate, presented
from tests.checks.exchange_objects import GATEWAY_NAME, OUTBOUND_NAME
from tests.remediations.exchange_makers import empty, make_inline, make_outbound, make_parallel
from tests.remediations.exchange_simulation import World, carry_out, changes, only, properties, proposal

NAMED = {"TlsSettings": "DomainValidation", "TlsDomain": GATEWAY_NAME}
NAMELESS = {"TlsSettings": "CertificateValidation", "TlsDomain": None}


def inline(shown: str = "", **tls: Any) -> World:
    world = make_inline(empty())
    world.tenant.outbound.find(OUTBOUND_NAME).update(tls)
    if shown:
        world.shown = SmtpCertificate(25, (presented(certificate(shown, common_name=shown)),))
    return world


@pytest.mark.parametrize(
    ("tls", "shown"),
    [
        (NAMELESS, ""),
        (NAMELESS, "other.example.com"),
        (NAMED, ""),
        (NAMED, "*.example.org"),
        ({"TlsSettings": "DomainValidation", "TlsDomain": "*.example.org"}, GATEWAY_NAME),
    ],
)
def test_what_the_guide_accepts_is_left_alone(tls: dict[str, Any], shown: str) -> None:
    assert proposal(planner, inline(shown, **tls)).steps == ()


@pytest.mark.parametrize(
    ("tls", "shown", "after"),
    [
        ({"TlsSettings": None, "TlsDomain": None}, GATEWAY_NAME, NAMED),
        ({"TlsSettings": "EncryptionOnly", "TlsDomain": None}, GATEWAY_NAME, NAMED),
        ({"TlsSettings": "EncryptionOnly", "TlsDomain": None}, "", {"TlsSettings": "CertificateValidation"}),
        (
            {"TlsSettings": "DomainValidation", "TlsDomain": "old.example.com"},
            GATEWAY_NAME,
            {"TlsDomain": GATEWAY_NAME},
        ),
        (NAMED, "other.example.com", NAMELESS),
    ],
)
def test_a_trusted_certificate_is_demanded_by_name_where_it_shows_that_name(
    tls: dict[str, Any], shown: str, after: dict[str, Any]
) -> None:
    world = inline(shown, **tls)

    change = only(changes(proposal(planner, world)))

    assert properties(change.after) == after
    assert properties(change.before) == {name: tls[name] for name in after}
    assert (change.needs, change.reaches) == (Milestone.HOLD_ON, Milestone.CONNECTORS)
    carry_out(world, change)
    assert proposal(planner, world).steps == ()


def test_a_connector_that_nobody_uses_is_mended_as_well_for_its_check_judges_it() -> None:
    world = inline()
    make_outbound(world, "Spare", TlsSettings="EncryptionOnly", TlsDomain=None)

    change = only(changes(proposal(planner, world)))

    assert change.after is not None
    assert change.after.name == "Spare"


def test_settings_that_were_not_read_are_not_known_to_be_wrong() -> None:
    world = inline()
    del world.tenant.outbound.find(OUTBOUND_NAME)["TlsSettings"]

    assert proposal(planner, world).steps == ()


def test_connectors_of_parallel_mode_are_not_touched() -> None:
    assert proposal(planner, make_parallel(empty())).steps == ()
