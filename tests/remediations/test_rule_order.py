from __future__ import annotations

from remediations.rule_order import name_the_rules_that_come_before as planner
from tests.remediations.exchange_makers import empty, make_inline, make_others, make_outbound, make_parallel, make_rule
from tests.remediations.exchange_simulation import World, only, proposal


def behind_a_stop() -> World:
    world = empty()
    world.run("New-TransportRule", Name="Disclaimer", StopRuleProcessing=True)
    return make_inline(world)


def test_an_earlier_rule_that_takes_mail_away_is_named_with_what_to_do_and_nothing_is_held_up() -> None:
    world = behind_a_stop()

    for phase in ("cutover", "completion"):
        found = proposal(planner, world, phase)
        assert found.steps == ()
        note = str(only(found.notes))
        assert "Disclaimer comes before" in note
        assert "StopRuleProcessing" in note
        assert world.tenant.rules.objects[1]["Guid"] in note


def test_rules_of_parallel_mode_are_not_meant_for_they_are_disabled_anyway() -> None:
    world = make_parallel(empty(), "1.2.3")
    make_outbound(world, "Inline out")
    make_rule(world, connector="Inline out")

    assert proposal(planner, world).notes == ()


def test_without_an_earlier_rule_nothing_is_said() -> None:
    world = make_inline(empty())
    make_others(world)

    assert proposal(planner, world).notes == ()
