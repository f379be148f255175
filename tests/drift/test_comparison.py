"""What differs is named once and by its name; what could not be looked at is neither gone nor forgotten."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seppcheck.drift.baseline import Piece
from seppcheck.drift.comparison import compare
from seppcheck.drift.exchange_objects import alike as exchange_alike
from seppcheck.drift.projection import Projected, Unseen, same
from seppcheck.model.outcomes import Reason
from tests.drift.pieces import KEY, NAMES, OBJECTS, VALUES, Objects, baseline, compared, told


def shuffled(objects: Objects, by: random.Random) -> Objects:
    """Return the same objects, with everything that has no order in another one."""

    def mixed(items: Any) -> list[Any]:
        found = list(items)
        by.shuffle(found)
        return found

    return {
        name: {key: mixed(value) if isinstance(value, list) else value for key, value in mixed(objects[name].items())}
        for name in mixed(objects)
    }


@given(OBJECTS, st.randoms())
def test_what_has_no_order_may_be_shuffled(objects: Objects, by: random.Random) -> None:
    unique = {name.casefold() for name in objects}
    assume(len(unique) == len(objects))
    found = compared(objects, shuffled(objects, by))
    assert (told(found), found.unseen, found.unknown) == ([], [], [])


@given(OBJECTS, VALUES, st.data())
def test_one_changed_property_is_exactly_one_entry(objects: Objects, value: object, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(objects)))
    key = data.draw(st.sampled_from(sorted(objects[name])))
    assume(not same(key, objects[name][key], value))
    found = compared(objects, {**objects, name: {**objects[name], key: value}})
    assert told(found) == [(name, "changed", key)]
    (entry,) = found.entries
    assert (entry.before, entry.after) == (objects[name][key], value)
    assert name in str(entry.summary)
    assert found.unseen == []


@given(OBJECTS, NAMES)
def test_an_object_that_came_or_went_is_exactly_one_entry(objects: Objects, name: str) -> None:
    assume(name not in objects)
    more = {**objects, name: {"a": 1}}
    assert told(compared(objects, more)) == [(name, "new", None)]
    assert told(compared(more, objects)) == [(name, "gone", None)]


def test_true_is_not_one_and_numbers_stay_exact() -> None:
    assert told(compared({"a": {"x": True}}, {"a": {"x": 1}})) == [("a", "changed", "x")]
    assert told(compared({"a": {"x": 2**53}}, {"a": {"x": 2**53 + 1}})) == [("a", "changed", "x")]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("SenderDomains", ["smtp:*;1"], ["SMTP:*;1"]),
        ("SmartHosts", ["[192.0.2.1]", "b.test"], ["B.test", "192.0.2.1"]),
        ("Comment", None, ""),
        ("Enabled", False, None),
        ("ExceptIfSCLOver", 9, "9"),
        ("ArcTrustedSealers", None, " "),
        ("State", "Enabled", None),
        ("ConnectorSource", "Default", "AdminUI"),
    ],
)
def test_exchange_says_the_same_in_several_ways(name: str, before: object, after: object) -> None:
    assert exchange_alike(name, before, after)
    assert exchange_alike(name, after, before)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("SetHeaderValue", "outbound", "Outbound"), ("Enabled", True, False), ("IPAllowList", ["192.0.2.1"], None)],
)
def test_exchange_means_something_else(name: str, before: object, after: object) -> None:
    assert not exchange_alike(name, before, after)


def test_an_object_is_known_by_its_guid_before_its_name() -> None:
    then = {"A": {"Guid": "1", "x": 1}, "B": {"Guid": "2", "x": 2}}
    swapped = {"B": {"Guid": "1", "x": 1}, "A": {"Guid": "2", "x": 2}}
    assert told(compared(then, swapped)) == [("A", "changed", "Name"), ("B", "changed", "Name")]


def test_an_object_made_anew_is_compared_by_its_content() -> None:
    equal = compared({"A": {"Guid": "1", "x": 1}}, {"A": {"Guid": "9", "x": 1}})
    assert (told(equal), [str(each) for each in equal.anew]) == ([], ["thing A"])
    assert told(compared({"A": {"Guid": "1", "x": 1}}, {"a": {"Guid": "9", "x": 2}})) == [("A", "changed", "x")]


def ordered(*names: str) -> Projected:
    return Projected({name: {"Guid": name} for name in names}, order=names)


def test_a_rule_that_is_put_in_front_moves_nobody_else() -> None:
    then = Piece({name: {"Guid": name} for name in "abc"}, tuple("abc"))
    found = compared(then, ordered("new", "a", "b", "c"))
    assert told(found) == [("new", "new", None)]
    assert str(found.entries[0].summary) == "new: thing new; it runs before a"


def test_a_rule_that_moved_says_before_which_others_it_runs_now() -> None:
    then = Piece({name: {"Guid": name} for name in "abcd"}, tuple("abcd"))
    (entry,) = compared(then, ordered("d", "a", "new", "b", "c")).entries[1:]
    assert (entry.object, entry.property, entry.before, entry.after) == ("d", "Priority", 3, 0)
    assert str(entry.summary) == "thing d now runs before a, b, c"


def test_what_cannot_be_looked_at_now_is_not_gone() -> None:
    silent = Unseen("b", None, Reason.TIMEOUT, "silence")
    found = compared({"a": {"x": 1}, "b": {"x": 1}}, Projected({"a": {"x": 1}}, (silent,)))
    assert told(found) == []
    assert [(key, part, why.reason) for key, part, why in found.unseen] == [(KEY, "b", Reason.TIMEOUT)]


def test_a_property_that_is_not_read_now_is_not_gone() -> None:
    found = compared({"a": {"x": 1, "y": 2}}, {"a": {"x": 1}})
    assert told(found) == []
    assert [(part, why.reason) for _, part, why in found.unseen] == [("a: y", Reason.NOT_COLLECTED)]


def test_evidence_that_nobody_gathers_any_more_is_missed_unless_it_was_not_wanted() -> None:
    held = baseline({KEY: Piece({"a": {"x": 1}})})
    assert [key for key, _, _ in compare(held, {}).unseen] == [KEY]
    assert compare(held, {}, {KEY}).unseen == []


def test_what_the_baseline_could_not_look_at_is_not_new() -> None:
    then = Piece({"a": {"x": 1}}, unseen={"b": "timeout"})
    found = compared(then, {"a": {"x": 1}, "b": {"x": 1}})
    assert (told(found), [str(each) for each in found.unknown]) == ([], ["thing b"])


def test_a_property_that_an_older_version_did_not_look_at_is_not_new() -> None:
    found = compared({"a": {"x": 1}}, {"a": {"x": 1, "y": 2}})
    assert (told(found), [str(each) for each in found.unknown]) == ([], ["y of thing a"])


def test_of_what_keeps_only_what_is_set_a_new_property_is_new() -> None:
    looked = frozenset({"Guid"}), frozenset({"Guid"})
    assert told(compared({"a": {"x": 1}}, {"a": {"x": 1, "y": 2}}, left_out=looked)) == [("a", "changed", "y")]
    assert told(compared({"a": {"x": 1, "y": 2}}, {"a": {"x": 1}}, left_out=looked)) == [("a", "changed", "y")]


def test_of_what_keeps_only_what_is_set_the_baseline_says_what_it_did_not_look_at() -> None:
    older = frozenset({"y"}), frozenset[str]()
    found = compared({"a": {"x": 1}}, {"a": {"x": 1, "y": 2}}, left_out=older)
    assert (told(found), [str(each) for each in found.unknown]) == ([], ["y of thing a"])
    newer = frozenset[str](), frozenset({"y"})
    assert told(compared({"a": {"x": 1, "y": 2}}, {"a": {"x": 1}}, left_out=newer)) == []
