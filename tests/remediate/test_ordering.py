"""The order of the steps is the contract: mail flows, or is held back safely, after every single one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from seppcheck.model.changes import (
    Change,
    DnsImage,
    ExchangeImage,
    ManualStep,
    Milestone,
    Step,
    System,
    Wait,
)
from seppcheck.model.targets import Domain, Gateway
from seppcheck.model.text import text
from seppcheck.remediate.ordering import Placed, in_order, needed

DOMAIN, GATEWAY = Domain("kunde.example"), Gateway("secure.example.org")
WHY = text("because")


def manual(name: str, *, needs: Milestone | None = None, reaches: Milestone | None = None, proof: bool = False) -> Step:
    return ManualStep(
        summary=text("{name}", name=name),
        why=WHY,
        needs=needs,
        reaches=reaches,
        system=System.GATEWAY,
        steps=[text("do it")],
        proof=proof,
    )


def wait(name: str, *, needs: Milestone | None = None, reaches: Milestone | None = None) -> Step:
    return Wait(summary=text("{name}", name=name), why=WHY, needs=needs, reaches=reaches, seconds=5)


def rule(name: str, guid: str = "", **properties: object) -> ExchangeImage:
    return ExchangeImage("TransportRule", name, {"Name": name, **properties}, guid)


def change(
    name: str,
    before: ExchangeImage | DnsImage | None,
    after: ExchangeImage | DnsImage | None,
    *,
    needs: Milestone | None = None,
    reaches: Milestone | None = None,
) -> Step:
    return Change(summary=text("{name}", name=name), why=WHY, needs=needs, reaches=reaches, before=before, after=after)


def connector(name: str, guid: str = "") -> ExchangeImage:
    return ExchangeImage("OutboundConnector", name, {"Name": name, "Enabled": True}, guid)


def names(steps: tuple[Placed, ...]) -> list[str]:
    return [str(each.step.summary) for each in steps]


def ordered(*steps: Step) -> tuple[Placed, ...]:
    return in_order(Placed("a-check", DOMAIN, step) for step in steps)


MX = DnsImage("kunde.example", "MX", 300, ("0 kunde.mail.protection.outlook.com.",))
MX_NEW = DnsImage("kunde.example", "MX", 300, ("10 secure.example.org.",))

NIGHT = (
    change("inbound on", None, None, needs=Milestone.MX_SETTLED, reaches=Milestone.INBOUND_ON),
    wait("settled", needs=Milestone.MX_MOVED, reaches=Milestone.MX_SETTLED),
    change("mx", MX, MX_NEW, needs=Milestone.PARALLEL_OFF, reaches=Milestone.MX_MOVED),
    change(
        "parallel off",
        rule("100", "g1"),
        rule("100", "g1"),
        needs=Milestone.RULE_ENABLED,
        reaches=Milestone.PARALLEL_OFF,
    ),
    change("rename", rule("200", "g2"), rule("200 (parallel)", "g2"), needs=Milestone.CONNECTORS),
    change("rule", None, rule("200"), needs=Milestone.CONNECTORS, reaches=Milestone.RULE_ENABLED),
    change("connector", None, connector("out"), needs=Milestone.HOLD_ON, reaches=Milestone.CONNECTORS),
    manual("smarthost", needs=Milestone.HOLD_ON),
    manual("hold", reaches=Milestone.HOLD_ON),
    wait("gate"),
    manual("banner"),
    change("ttl", MX, MX, needs=None),
)


def test_a_night_goes_in_the_order_of_the_contract() -> None:
    assert names(ordered(*NIGHT)) == [
        *("ttl", "banner", "gate"),
        *("hold", "smarthost", "connector", "rename", "rule", "parallel off", "mx", "settled", "inbound on"),
    ]


@given(st.permutations(NIGHT))
def test_the_order_does_not_depend_on_who_proposed_first(steps: list[Step]) -> None:
    assert names(ordered(*steps)) == names(ordered(*NIGHT))


def waits_for(steps: tuple[Placed, ...], name: str) -> set[str]:
    position = names(steps).index(name)
    return {names(steps)[at] for at in needed(steps, position)}


def test_moving_the_mx_waits_for_every_milestone_before_and_for_the_gate() -> None:
    steps = ordered(*NIGHT)
    assert waits_for(steps, "mx") >= {"gate", "hold", "smarthost", "connector", "rename", "rule", "parallel off"}


def test_what_is_before_everything_waits_for_nobody() -> None:
    steps = ordered(*NIGHT)
    assert waits_for(steps, "ttl") == waits_for(steps, "banner") == set()


def test_a_rule_is_made_only_after_the_one_that_bears_its_name_was_renamed() -> None:
    assert "rename" in waits_for(ordered(*NIGHT), "rule")


def test_a_connector_is_removed_after_every_rule_that_routes_to_it() -> None:
    routed = rule("100", "g1", RouteMessageOutboundConnector="OUT")
    steps = in_order(
        [
            Placed("parallel-rules", DOMAIN, change("rule", routed, None, needs=Milestone.HOLD_OFF)),
            Placed(
                "parallel-connectors",
                DOMAIN,
                change("connector", connector("out", "g9"), None, needs=Milestone.HOLD_OFF),
            ),
        ]
    )
    assert names(steps) == ["rule", "connector"]
    assert waits_for(steps, "connector") == {"rule"}


def test_what_follows_a_proof_waits_for_it() -> None:
    steps = ordered(
        manual("hold off", needs=Milestone.INBOUND_ON, reaches=Milestone.HOLD_OFF),
        manual("proof", needs=Milestone.HOLD_OFF, proof=True),
        change("remove", rule("100", "g1"), None, needs=Milestone.HOLD_OFF),
    )
    assert names(steps) == ["hold off", "proof", "remove"]
    assert waits_for(steps, "remove") == {"hold off", "proof"}


def test_setting_recipients_waits_for_the_connector_that_the_plan_makes() -> None:
    steps = ordered(
        change("make", None, connector("out"), needs=Milestone.HOLD_ON, reaches=Milestone.CONNECTORS),
        change("recipients", connector("OUT"), connector("OUT"), needs=Milestone.HOLD_ON, reaches=Milestone.CONNECTORS),
    )
    assert waits_for(steps, "recipients") == {"make"}


milestones = st.one_of(st.none(), st.sampled_from(list(Milestone)))


@st.composite
def any_step(draw: st.DrawFn) -> Step:
    needs, reaches = draw(milestones), draw(milestones)
    if needs is not None and reaches is not None and reaches.rank <= needs.rank:
        reaches = None
    make = draw(st.sampled_from([manual, wait]))
    return make(draw(st.text(max_size=3)), needs=needs, reaches=reaches)


@given(st.lists(any_step(), max_size=12))
def test_no_step_comes_before_what_it_needs(steps: list[Step]) -> None:
    found = ordered(*steps)
    assert all(one.place <= other.place for one, other in pairwise(found))
    for position, placed in enumerate(found):
        for other in found[position:]:
            if placed.step.needs is not None and other.step.reaches is not None and other is not placed:
                assert other.step.reaches.rank > placed.step.needs.rank
        assert all(at < position for at in needed(found, position))
