from __future__ import annotations

import asyncio
import time

from pydantic import BaseModel

from seppcheck.api import Domain, Gateway, Reason, Unavailable, source, text
from seppcheck.engine.gather import Gatherer
from seppcheck.engine.plan import Case
from seppcheck.model.evidence import Provenance, Record
from tests.engine.conftest import NOON, SITE, Age, Colour, case_of, domain_has_an_age, gatherer_of


@source("tests")
async def age(domain: Domain) -> Age | Unavailable:
    return Age(len(domain.name))


@source("tests")
def colour(gateway: Gateway) -> Colour | Unavailable:
    del gateway
    return Colour("green")


def contents(records: tuple[Record, ...]) -> dict[str, object]:
    return {f"{r.kind} {r.target.name}": r.content for r in records}


async def gathered(gatherer: Gatherer, *cases: Case, deadline: float = 5.0) -> dict[str, object]:
    return contents(await gatherer.gather(cases, deadline, lambda done, total: None))


async def test_async_and_blocking_sources_bring_what_a_check_names(case: Case) -> None:
    found = await gathered(gatherer_of(age, colour), case)

    assert found == {"tests-age one.example": Age(11), "tests-colour gw.example": Colour("green")}


async def test_each_piece_is_gathered_once_whoever_asks() -> None:
    calls = []

    @source("tests")
    async def counted(gateway: Gateway) -> Colour | Unavailable:
        calls.append(gateway.name)
        await asyncio.sleep(0.01)
        return Colour("red")

    cases = [case_of(domain_has_an_age, domain) for domain in SITE.domains]
    found = await gathered(gatherer_of(age, counted), *cases, *cases)

    assert len(found) == 3
    assert calls == ["gw.example"]


async def test_everything_is_asked_at_the_same_time() -> None:
    together = asyncio.Barrier(2)

    @source("tests")
    async def meets(domain: Domain) -> Age | Unavailable:
        await together.wait()
        return Age(len(domain.name))

    cases = [case_of(domain_has_an_age, domain) for domain in SITE.domains]
    found = await gathered(gatherer_of(meets, colour), *cases)

    assert all(not isinstance(content, Unavailable) for content in found.values())


async def test_a_crash_of_a_source_is_unavailable_with_the_reason_crashed(case: Case) -> None:
    @source("tests")
    async def breaks(domain: Domain) -> Age | Unavailable:
        raise ZeroDivisionError(f"no {domain.name}")

    found = await gathered(gatherer_of(breaks, colour), case)

    missing = found["tests-age one.example"]
    assert isinstance(missing, Unavailable)
    assert missing.reason is Reason.CRASHED
    assert "ZeroDivisionError: no one.example" in str(missing.detail)


async def test_what_a_validator_quotes_is_not_told_for_it_may_be_a_secret(case: Case) -> None:
    class Answer(BaseModel):
        keys: int

    @source("tests")
    async def reads(domain: Domain) -> Age | Unavailable:
        return Age(Answer.model_validate({"keys": {"privateKey": f"secret of {domain.name}"}}).keys)

    found = await gathered(gatherer_of(reads, colour), case)

    missing = found["tests-age one.example"]
    assert isinstance(missing, Unavailable)
    assert "ValidationError: 1 validation error for Answer" in str(missing.detail)
    assert "secret" not in str(missing.detail)


async def test_an_answer_of_the_wrong_type_is_a_crash_not_evidence(case: Case) -> None:
    @source("tests")
    async def lies(domain: Domain) -> Age | Unavailable:
        return None  # type: ignore[return-value]  # the lie

    found = await gathered(gatherer_of(lies, colour), case)

    missing = found["tests-age one.example"]
    assert isinstance(missing, Unavailable)
    assert missing.reason is Reason.CRASHED


async def test_what_is_not_there_at_the_deadline_is_a_time_out_and_the_rest_is_kept(case: Case) -> None:
    @source("tests")
    async def silent(domain: Domain) -> Age | Unavailable:
        await asyncio.sleep(60)
        return Age(0)

    started = time.monotonic()
    found = await gathered(gatherer_of(silent, colour), case, deadline=0.1)

    assert time.monotonic() - started < 5
    missing = found["tests-age one.example"]
    assert isinstance(missing, Unavailable)
    assert missing.reason is Reason.TIMEOUT
    assert "0.1 s" in str(missing.detail)
    assert found["tests-colour gw.example"] == Colour("green")


async def test_a_blocking_source_that_never_ends_does_not_hold_up_the_run(case: Case) -> None:
    @source("tests")
    def stuck(gateway: Gateway) -> Colour | Unavailable:
        time.sleep(3)
        return Colour("late")

    started = time.monotonic()
    found = await gathered(gatherer_of(age, stuck), case, deadline=0.1)

    assert time.monotonic() - started < 2
    assert isinstance(found["tests-colour gw.example"], Unavailable)


async def test_an_interruption_keeps_what_was_gathered_and_marks_the_rest(case: Case) -> None:
    @source("tests")
    async def silent(domain: Domain) -> Age | Unavailable:
        await asyncio.sleep(60)
        return Age(0)

    gatherer = gatherer_of(silent, colour)
    task = asyncio.ensure_future(gathered(gatherer, case, deadline=30))
    await asyncio.sleep(0.1)
    task.cancel()
    found = await task

    missing = found["tests-age one.example"]
    assert isinstance(missing, Unavailable)
    assert missing.reason is Reason.INTERRUPTED
    assert found["tests-colour gw.example"] == Colour("green")
    assert gatherer.interrupted


async def test_a_kind_that_nobody_provides_is_unsupported(case: Case) -> None:
    found = await gathered(gatherer_of(colour), case)

    missing = found["tests-age one.example"]
    assert isinstance(missing, Unavailable)
    assert missing.reason is Reason.UNSUPPORTED


async def test_offline_nothing_is_asked_and_known_evidence_is_used(case: Case) -> None:
    record = Record("tests-age", SITE.domains[0], Provenance("tests", NOON), Age(7))
    known = {("tests-age", "domain", "one.example"): record}

    found = await gathered(gatherer_of(age, colour, known=known, offline=True), case)

    assert found["tests-age one.example"] == Age(7)
    missing = found["tests-colour gw.example"]
    assert isinstance(missing, Unavailable)
    assert missing.reason is Reason.NOT_COLLECTED


async def test_a_source_may_build_upon_evidence_of_another(case: Case) -> None:
    @source("tests")
    async def aged(domain: Domain, colour: Colour) -> Age | Unavailable:
        return Age(len(domain.name + colour.name))

    found = await gathered(gatherer_of(aged, colour), case)

    assert found["tests-age one.example"] == Age(16)


async def test_why_the_evidence_below_is_missing_is_told_for_what_builds_upon_it(case: Case) -> None:
    @source("tests")
    async def gone(gateway: Gateway) -> Colour | Unavailable:
        return Unavailable(Reason.UNREACHABLE, text("no way to {gateway}", gateway=gateway.name))

    @source("tests")
    async def aged(domain: Domain, colour: Colour) -> Age | Unavailable:
        return Age(len(domain.name + colour.name))

    found = await gathered(gatherer_of(aged, gone), case)

    missing = found["tests-age one.example"]
    assert isinstance(missing, Unavailable)
    assert (missing.reason, str(missing.detail)) == (Reason.UNREACHABLE, "no way to gw.example")


async def test_evidence_carries_source_time_and_whom_was_asked(case: Case) -> None:
    records = await gatherer_of(age, colour).gather([case], 5, lambda done, total: None)

    origin = next(r.provenance for r in records if r.kind == "tests-age")
    assert origin == Provenance("tests", NOON, "the registry")


async def test_progress_counts_to_the_total(case: Case) -> None:
    seen = []

    await gatherer_of(age, colour).gather([case], 5, lambda done, total: seen.append((done, total)))

    assert seen == [(1, 2), (2, 2)]
