from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.exchange.objects import in_order, merged, normalised
from seppcheck.model.exchange import ExchangeObject

MOMENT = "2026-07-23T22:55:13Z"


@pytest.mark.parametrize(
    "written",
    [
        "2026-07-23T22:55:13.0000000Z",
        "2026-07-23T22:55:13Z",
        "2026-07-23T22:55:13.0000000+00:00",
        "2026-07-24T00:55:13+02:00",
        "2026-07-23T22:55:13.0000000",
        "/Date(1784847313000)/",
        "/Date(1784847313999+0200)/",
        {"value": "/Date(1784847313000)/", "DisplayHint": 2, "DateTime": "Thursday"},
    ],
)
def test_every_way_to_write_a_time_is_the_same_time_in_utc(written: object) -> None:
    assert normalised({"WhenChangedUTC": written}).properties == {"WhenChangedUTC": MOMENT}


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001 - zone follows
def test_both_date_forms_agree_for_every_second(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    five = f"/Date({(moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)})/"
    assert normalised({"t": five}) == normalised({"t": moment.isoformat()})


@pytest.mark.parametrize("odd", ["/Date(999999999999999)/", "2026-13-40T00:00:00Z", "2026-07-23", "Date"])
def test_what_is_no_time_stays_text(odd: str) -> None:
    assert normalised({"t": odd}).properties == {"t": odd}


def test_sidecar_keys_and_what_remoting_adds_are_gone() -> None:
    found = {"Priority@data.type": "System.Int32", "Priority": 0, "@odata.id": "x", "RunspaceId": "y"}
    assert normalised(found).properties == {"Priority": 0}


def test_booleans_written_as_words_are_booleans_and_other_words_are_not() -> None:
    assert normalised({"a": "True", "b": "False", "c": "true", "d": True}).properties == {
        "a": True,
        "b": False,
        "c": "true",
        "d": True,
    }


def test_what_powershell_wraps_is_unwrapped_and_what_has_no_form_is_unknown() -> None:
    version = {"Major": 14, "Minor": 0, "Build": 0, "Revision": 0, "MajorRevision": 0, "MinorRevision": 0}
    found = normalised({"RuleVersion": version, "SmartHosts": {"value": ["a"], "Count": 1}, "Odd": {"x": 1}})
    assert found.properties == {"RuleVersion": "14.0.0.0", "SmartHosts": ["a"]}


def test_null_and_empty_lists_stay_what_they_are() -> None:
    assert normalised({"a": None, "b": [], "c": [None, "x"]}).properties == {"a": None, "b": [], "c": ["x"]}


def test_the_same_guid_is_the_same_object() -> None:
    one, other = ExchangeObject({"Guid": "A", "Name": "x"}), ExchangeObject({"Guid": "a", "Name": "x"})
    assert merged([[one], [other, ExchangeObject({"Guid": "b"})]]) == (one, ExchangeObject({"Guid": "b"}))


def test_rules_stand_in_the_order_of_their_priority() -> None:
    rules = [ExchangeObject({"Name": n, "Priority": p}) for n, p in (("b", "1"), ("none", None), ("a", 0))]
    assert [rule.name for rule in in_order(rules)] == ["a", "b", "none"]
