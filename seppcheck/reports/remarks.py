"""What a run says beside its results: notes, what was left out, waivers that nothing needs."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.model.run import Run
from seppcheck.model.text import Message, text


def remarks(run: Run) -> Iterator[tuple[Message, list[Message]]]:
    """Yield titles, each with its sentences; what is skipped for the same reason is told together."""
    yield text("Notes"), list(run.notes)
    left_out: dict[str, list[str]] = {}
    for skipped in run.skipped:
        left_out.setdefault(skipped.reason, []).append(skipped.check)
    yield text("Left out"), [text("{checks}: {reason}", checks=c, reason=reason) for reason, c in left_out.items()]
    yield (
        text("Unused waivers"),
        [
            text(
                "{check} for {target} ({owner}) expired on {until}: it waives nothing any more; renew or remove it",
                check=u.waiver.check,
                target=u.waiver.target,
                owner=u.waiver.owner,
                until=u.waiver.until,
            )
            if u.expired
            else text(
                "{check} for {target} ({owner}): no finding of this run needs it; remove it when it is over",
                check=u.waiver.check,
                target=u.waiver.target,
                owner=u.waiver.owner,
            )
            for u in run.unused_waivers
        ],
    )
