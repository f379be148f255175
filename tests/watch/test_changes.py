from __future__ import annotations

from datetime import timedelta

from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import Failed, Passed, Warned
from seppcheck.model.text import text
from seppcheck.watch.changes import changes_between, new_moments
from tests.reports.runs import DOMAINS, GATEWAY, NOW, result, run_of

FINE = result("dns-ptr", GATEWAY, Passed("fine", subject="a"))
BAD = result("dns-ptr", GATEWAY, Failed("bad", subject="a"))


def test_the_first_round_tells_what_is_not_in_order() -> None:
    (change,) = changes_between(None, run_of((FINE, result("dns-mx", DOMAINS[0], Warned("not moved")))))
    assert (change.check, change.before, change.after) == ("dns-mx", None, Outcome.WARNED)


def test_an_outcome_that_is_another_is_told_with_what_it_was() -> None:
    (change,) = changes_between(run_of((FINE,)), run_of((BAD,)))
    assert (change.before, change.after, [*map(str, change.sentences)]) == (Outcome.PASSED, Outcome.FAILED, ["bad"])


def test_other_words_for_the_same_are_no_change() -> None:
    reworded = result("dns-ptr", GATEWAY, Passed("fine, as of five minutes ago", subject="a"))
    assert changes_between(run_of((FINE,)), run_of((reworded,))) == ()


def test_another_observation_is_a_change_though_the_outcome_stays() -> None:
    before, after = (result("dns-mx", DOMAINS[0], Warned("{mx}", mx=mx, observed=mx)) for mx in ("one", "two"))
    (change,) = changes_between(run_of((before,)), run_of((after,)))
    assert (change.before, change.after) == (Outcome.WARNED, Outcome.WARNED)
    assert [*map(str, change.sentences)] == ["two"]


def test_of_many_findings_some_are_told_and_the_rest_counted() -> None:
    many = result("dns-ptr", GATEWAY, [Failed("{n}", n=n, subject=str(n)) for n in range(5)])
    (change,) = changes_between(run_of((FINE,)), run_of((many,)))
    assert [*map(str, change.sentences)] == ["0", "1", "and 3 more"]


def test_what_failed_comes_before_what_passed() -> None:
    before = run_of((result("a", GATEWAY, Failed("x")), result("b", GATEWAY, Passed("y"))))
    after = run_of((result("a", GATEWAY, Passed("x")), result("b", GATEWAY, Failed("y"))))
    assert [change.check for change in changes_between(before, after)] == ["b", "a"]


def test_a_moment_is_told_when_it_is_new_and_when_it_has_come() -> None:
    awaited = Moment(MomentKind.OLD_MX_GONE, DOMAINS[0], NOW, over=False, summary=text("may hold it"))
    blurred = Moment(MomentKind.OLD_MX_GONE, DOMAINS[0], NOW + timedelta(seconds=1), over=False, summary=text("later"))
    come = Moment(MomentKind.OLD_MX_GONE, DOMAINS[0], NOW, over=True, summary=text("gone"))
    assert new_moments((), (awaited,)) == (awaited.summary,)
    assert new_moments((awaited,), (blurred,)) == ()
    assert new_moments((awaited,), (come,)) == (come.summary,)
