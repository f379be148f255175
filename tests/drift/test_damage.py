"""A baseline that was edited, cut or badly merged is refused, or compared: it never ends in a traceback."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seppcheck.drift import document
from seppcheck.drift.baseline import refuse_foreign
from seppcheck.drift.judging import drift_of
from seppcheck.drift.past import remembering
from seppcheck.errors import UserError
from seppcheck.model.drift import RESERVED
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.moments import moments_of
from tests.drift.finished_lab import Finished

JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.lists(st.one_of(st.integers(), st.text(max_size=3), st.lists(st.none(), max_size=1)), max_size=3),
    st.dictionaries(st.text(max_size=3), st.one_of(st.integers(), st.text(max_size=3)), max_size=2),
)


@pytest.fixture(scope="module")
def state(accepted: Finished, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, dict[str, Any], Path]:
    content = json.loads(accepted.baseline.read_text(encoding="utf-8"))
    return accepted.drift(), content, tmp_path_factory.mktemp("damage") / "b.json"


def mutate(content: Any, data: st.DataObject) -> None:
    """Change, remove or add something at any depth."""
    while True:
        places = list(content) if isinstance(content, dict) else list(range(len(content)))
        if not places:
            return
        place = data.draw(st.sampled_from(places))
        inner = content[place]
        if isinstance(inner, (dict, list)) and inner and data.draw(st.integers(0, 5)):
            content = inner
            continue
        if data.draw(st.booleans()):
            content[place] = data.draw(JUNK)
        else:
            del content[place]
        return


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_ends_in_a_traceback(state: tuple[Run, dict[str, Any], Path], data: st.DataObject) -> None:
    run, whole, path = state
    content = copy.deepcopy(whole)
    mutate(content, data)
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        baseline = document.read(path)
        refuse_foreign(baseline, run.site)
    except UserError as refused:
        assert str(path) in str(refused)  # noqa: PT017 - a refusal is one of the two good ends
        return
    records = remembering(run.records, baseline.past)
    moments_of(Phase.DRIFT, run.site, records, run.judged_at)
    drift = drift_of(baseline, run.site, records, run.results, run.judged_at)
    assert all(str(entry.summary) for entry in drift.entries or ())
    assert all(str(result.summary) for result in drift.results)


def test_an_order_that_was_cut_is_not_passed_over(state: tuple[Run, dict[str, Any], Path]) -> None:
    run, whole, path = state
    path.write_text(json.dumps({**whole, "order": {}}), encoding="utf-8")
    drift = drift_of(document.read(path), run.site, run.records, run.results, run.judged_at)
    assert [str(result.outcome) for result in drift.results] == ["inconclusive"]
    assert "the baseline does not hold the order" in str(drift.results[0].summary)


@pytest.mark.parametrize(
    ("kind", "target"),
    [("transport-rules", "kunde-test.onmicrosoft.com"), ("mx-records", "praxis.test"), ("delivery-hold", "kunde.test")],
)
def test_a_baseline_that_a_merge_has_cut_is_no_silence(finished: Finished, kind: str, target: str) -> None:
    kept = json.loads(finished.baseline.read_text(encoding="utf-8"))
    del kept["evidence"][kind][target]
    kept.get("order", {}).get(kind, {}).pop(target, None)
    finished.baseline.write_text(json.dumps(kept), encoding="utf-8")
    assert finished.command("drift", "--quiet") == 3
    told = [str(f.summary) for r in finished.drift().results for f in r.findings if r.check == RESERVED]
    assert any(f"not the {kind} of {target} that it rests on" in sentence for sentence in told)


def test_a_baseline_without_evidence_compares_nothing_and_does_not_end_with_0(finished: Finished) -> None:
    kept = json.loads(finished.baseline.read_text(encoding="utf-8"))
    kept |= {"evidence": {}, "order": {}, "unseen": {}, "checks": {}}
    finished.baseline.write_text(json.dumps(kept), encoding="utf-8")
    assert finished.command("drift", "--quiet") == 3


def test_what_was_accepted_of_some_checks_alone_is_a_part(finished: Finished) -> None:
    finished.baseline.unlink()
    assert finished.command("baseline", "accept", "--only", "dns-mx", "--quiet") == 0
    assert json.loads(finished.baseline.read_text(encoding="utf-8"))["partial"] is True
    notes = " ".join(map(str, finished.drift().notes))
    assert "the baseline does not hold" in notes
