from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seppcheck.api import ExchangeObject
from seppcheck.planning.object_names import free_names, renamed

NAMES = st.text("aB (2)INLEr", max_size=70).map(str.strip).filter(bool)


@given(NAMES, st.sampled_from(["parallel", "old"]), st.sets(NAMES.map(str.lower)))
def test_a_new_name_is_free_in_whichever_letters_and_not_too_long(name: str, mark: str, taken: set[str]) -> None:
    objects = [ExchangeObject({"Name": each}) for each in taken]
    first = renamed(name, mark, objects)
    second = renamed(name, mark, [*objects, ExchangeObject({"Name": first.upper()})])

    for found in (first, second):
        assert found.lower() not in taken
        assert len(found) <= 64
        assert f"({mark}" in found
    assert first.lower() != second.lower()


@given(st.sets(NAMES.map(str.lower)), st.integers(0, 4))
def test_without_a_configuration_there_are_names_enough(taken: set[str], number: int) -> None:
    found = free_names((), "Usual", taken, number)

    assert len({name.lower() for name in found} - taken) == number


@given(st.lists(NAMES, unique=True, min_size=1), st.sets(NAMES.map(str.lower)), st.integers(0, 4))
def test_with_a_configuration_no_other_name_is_taken(configured: list[str], taken: set[str], number: int) -> None:
    found = free_names(configured, "Usual", taken, number)

    assert len(found) <= number
    assert set(found) <= {name for name in configured if name.strip().lower() not in taken}
