from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dkim_gateway_key import gateway_signs_with_the_published_key
from remediations.dkim_gateway_key import publish_the_key
from seppcheck.api import (
    Change,
    DkimRecord,
    DnsAnswer,
    DnsImage,
    GatewayDkimKey,
    ManualStep,
    Milestone,
    Now,
    PlanPhase,
    Proposal,
    Reason,
    Unavailable,
    text,
)
from tests.checks.evidence import addresses, answer, no, outcome
from tests.checks.gateway_facts import DOMAIN, NOON, SEEN, WRITTEN
from tests.remediations.dns_simulation import EVERY_PLAN, answer_of, change_of, kinds
from tests.remediations.fact_simulation import done, notes, opens_the_menu, step_of, told

RSA = bytes.fromhex("30819f300d06092a864886f70d010101050003818d00")
KEY = b64encode(RSA + bytes(range(140))).decode()
ED25519 = b64encode(bytes.fromhex("302a300506032b6570032100") + bytes(32)).decode()
NAME = "seppmail._domainkey.example.org"
WANTED = f"v=DKIM1; k=rsa; p={KEY}"
NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))
UNSELECTED = Unavailable(Reason.NOT_CONFIGURED, text("no DKIM selector is configured"))
PRESENT = GatewayDkimKey(present=True, public_key=KEY, voice=SEEN)


def record(said: DnsAnswer) -> DkimRecord:
    return DkimRecord("example.org", "seppmail", said)


def plan(
    said: DnsAnswer | Unavailable, key: GatewayDkimKey = PRESENT, phase: PlanPhase = PlanPhase.READINESS
) -> Proposal:
    return publish_the_key(DOMAIN, key, said if isinstance(said, Unavailable) else record(said), phase)


@pytest.mark.parametrize("phase", EVERY_PLAN)
def test_a_published_key_needs_nothing(phase: PlanPhase) -> None:
    assert plan(answer(WANTED), phase=phase) == []
    assert plan(answer(f"p={KEY[:9]} {KEY[9:]}", aliases=("elsewhere.example.net",)), phase=phase) == []


@pytest.mark.parametrize("said", [answer(), no("nxdomain")])
def test_a_missing_record_is_made_in_strings_of_255_octets(said: DnsAnswer) -> None:
    change = change_of(plan(said))
    assert change.before is None
    assert isinstance(change.after, DnsImage)
    assert (change.after.name, change.after.type) == (NAME, "TXT")
    (value,) = change.after.values
    assert value.replace('" "', "").strip('"') == WANTED
    assert all(len(part) <= 255 for part in value.strip('"').split('" "'))


@pytest.mark.parametrize("values", [("v=DKIM1; p=AAAA",), (WANTED, "v=DKIM1; p=AAAA")])
def test_another_key_and_several_are_replaced(values: tuple[str, ...]) -> None:
    change = change_of(plan(answer(*values, ttl=55)))
    assert isinstance(change.before, DnsImage)
    assert (change.before.ttl, len(change.before.values)) == (55, len(values))
    assert isinstance(change.after, DnsImage)
    assert len(change.after.values) == 1


@pytest.mark.parametrize(
    ("said", "key", "says"),
    [
        (answer(aliases=("k1.example.net",)), KEY, "is an alias of k1.example.net"),
        (answer("v=spf1 -all"), KEY, "something else than a key stands at"),
        (answer("v=DKIM1; p="), KEY, "was revoked"),
        (answer(), ED25519, "is no RSA key"),
    ],
)
def test_what_a_program_must_not_overwrite_is_for_people(said: DnsAnswer, key: str, says: str) -> None:
    assert says in told(step_of(plan(said, replace(PRESENT, public_key=key))))


def test_a_key_that_is_missing_on_the_gateway_is_made_there_first() -> None:
    absent = GatewayDkimKey(present=False, public_key="", voice=WRITTEN)
    step = step_of(plan(answer(), absent))
    assert opens_the_menu(step, "dkim-gateway-key", "dkim_key")
    assert done(absent, step).present
    assert plan(answer(), absent, PlanPhase.CUTOVER) == []  # only a warning: it does not hold up the move


def test_a_public_key_that_nobody_wrote_down_is_asked_for() -> None:
    unknown = replace(PRESENT, public_key="")
    assert "never the private one" in told(step_of(plan(answer(), unknown)))
    assert kinds(plan(answer(), unknown, PlanPhase.CUTOVER)) == ["Note"]


@pytest.mark.parametrize(("said", "says"), [(UNSELECTED, "no DKIM selector"), (no("servfail"), "SERVFAIL")])
def test_what_could_not_be_looked_up_is_told_and_not_planned(said: DnsAnswer | Unavailable, says: str) -> None:
    found = plan(said)
    assert kinds(found) == ["Note"]
    assert says in notes(found)


def test_in_a_completion_it_comes_after_the_release() -> None:
    absent = GatewayDkimKey(present=False, public_key="", voice=WRITTEN)
    steps = [*plan(answer(), phase=PlanPhase.COMPLETION), *plan(answer(), absent, PlanPhase.COMPLETION)]
    steps += plan(answer("v=DKIM1; p="), phase=PlanPhase.COMPLETION)
    assert [each.needs for each in steps if isinstance(each, Change | ManualStep)] == [Milestone.HOLD_OFF] * 3
    assert change_of(plan(answer())).needs is None


texts = st.sampled_from(["v=DKIM1; p=AAAA", WANTED, "v=DKIM1; k=rsa; p=QUJD", f"p={KEY}"])


@given(values=st.lists(texts, max_size=3, unique=True), phase=st.sampled_from(EVERY_PLAN))
def test_planned_and_applied_the_check_passes_and_nothing_is_left_to_plan(values: list[str], phase: PlanPhase) -> None:
    said = answer(*values)
    for change in plan(said, phase=phase):
        assert isinstance(change, Change)
        assert isinstance(change.after, DnsImage)
        said = answer_of(change.after)
    judged = gateway_signs_with_the_published_key(DOMAIN, PRESENT, record(said), NO_SAMPLES, addresses(), Now(NOON))
    assert outcome(judged) == "passed"
    assert plan(said, phase=phase) == []
