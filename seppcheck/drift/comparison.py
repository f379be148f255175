"""Holding what is seen now against the accepted baseline: pure, and nothing that could not be looked at gets lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from seppcheck.drift import sentences
from seppcheck.drift.baseline import Baseline, Looked, Piece, PieceKey
from seppcheck.drift.pairing import pairs_of
from seppcheck.drift.projection import IDENTITY, Projected, Projector, Properties, Unseen
from seppcheck.drift.rule_order import moves
from seppcheck.model.drift import DriftChange, DriftEntry
from seppcheck.model.evidence import Unavailable
from seppcheck.model.outcomes import Reason
from seppcheck.model.targets import Target
from seppcheck.model.text import Message, text

_PRIORITY = "Priority"


@dataclass(frozen=True, slots=True)
class Seen:
    """One piece of evidence as it is now, and how its kind is compared."""

    target: Target
    projector: Projector
    looked: Looked


@dataclass(slots=True)
class Comparison:
    """What came of it.

    `unseen` is what the baseline holds and nobody could look at now; `unknown` names what the baseline does not
    hold, and `anew` the objects that were made anew with the same content.
    """

    entries: list[DriftEntry] = field(default_factory=list)
    unseen: list[tuple[PieceKey, str, Unavailable]] = field(default_factory=list)
    unknown: list[Message] = field(default_factory=list)
    anew: list[Message] = field(default_factory=list)
    objects: int = 0


def compare(baseline: Baseline, now: Mapping[PieceKey, Seen], not_selected: Collection[PieceKey] = ()) -> Comparison:
    """Compare everything that the baseline holds, but what is not selected, with what is seen now.

    Args:
        baseline: what was accepted.
        now: every piece of evidence of this run, by kind and target.
        not_selected: what the baseline holds and this run did not want to look at.
    """
    found = Comparison()
    for key in sorted({*baseline.pieces, *now}):
        piece, seen = baseline.pieces.get(key), now.get(key)
        if piece is None:
            if seen is not None and isinstance(seen.looked, Projected) and seen.looked.objects:
                found.unknown.append(text("{kind} of {target}", kind=key[0], target=key[1]))
        elif seen is None:
            if key not in not_selected:
                found.unseen.append((key, "", _nobody_asked(key)))
        elif isinstance(seen.looked, Unavailable):
            found.unseen.append((key, "", seen.looked))
        else:
            left_out = frozenset(baseline.left_out.get(key[0], ()))
            _Pair(key, piece, seen.looked, seen, left_out, found).compare()
    return found


def _nobody_asked(key: PieceKey) -> Unavailable:
    detail = text("no check of this installation asks for {kind}: is a plugin missing?", kind=key[0])
    return Unavailable(Reason.NOT_COLLECTED, detail)


@dataclass(frozen=True, slots=True)
class _Pair:
    """One piece of evidence, then and now."""

    key: PieceKey
    then: Piece
    now: Projected
    seen: Seen
    left_out: frozenset[str]
    found: Comparison

    def compare(self) -> None:
        pairs = pairs_of(self.then.objects, self.now.objects)
        self._missing_now(pairs)
        for before, after in pairs:
            if before is None:
                if after is not None:
                    self._new(after)
            elif after is None:
                self._gone(before)
            else:
                self.found.objects += 1
                self._compare_objects(before, after)
        names = {after: before for before, after in pairs if before is not None and after is not None}
        self._compare_order(names)

    def _missing_now(self, pairs: Iterable[tuple[str | None, str | None]]) -> None:
        """Report what could not be looked at now, unless the baseline does not hold it either."""
        held = {after or before for before, after in pairs if before is not None}
        for each in self.now.unseen:
            if each.object in held:
                self.found.unseen.append((self.key, _part(each), each.why))

    def _new(self, name: str) -> None:
        what = self._what(name)
        if name in self.then.unseen:
            self.found.unknown.append(what)
            return
        summary = sentences.new(what)
        if name in self.now.order:
            summary = sentences.new_in_order(what, self._following(name))
        self._enter(name, DriftChange.NEW, None, None, _content(self.now.objects[name]), summary)

    def _following(self, name: str) -> str | None:
        """Return the next object that was there before."""
        later = self.now.order[self.now.order.index(name) + 1 :]
        return next((each for each in later if each in self.then.objects), None)

    def _gone(self, name: str) -> None:
        if any(each.object == name for each in self.now.unseen):
            return
        before = _content(self.then.objects[name])
        self._enter(name, DriftChange.GONE, None, before, None, sentences.gone(self._what(name)))

    def _compare_objects(self, before: str, after: str) -> None:
        then, now, what = self.then.objects[before], self.now.objects[after], self._what(before)
        if before.casefold() != after.casefold():
            self._enter(before, DriftChange.CHANGED, "Name", before, after, sentences.renamed(what, after))
        count = len(self.found.entries)
        for name in sorted({*then, *now} - {IDENTITY}):
            if name in then and name in now:
                if not self.seen.projector.alike(name, then[name], now[name]):
                    self._changed(before, after, name, then[name], now[name])
            elif name in then:
                self._property_gone(before, after, name)
            else:
                self._property_new(before, after, name)
        made_anew = IDENTITY in then and IDENTITY in now and then[IDENTITY] != now[IDENTITY]
        if made_anew and len(self.found.entries) == count:
            self.found.anew.append(what)

    def _changed(self, before: str, after: str, name: str, then: object, now: object) -> None:
        remark, what = self.now.remarks.get((after, name)), self._what(before)
        summary = sentences.changed(what, name, then, now) if remark is None else sentences.remarked(what, remark)
        self._enter(before, DriftChange.CHANGED, name, then, now, summary)

    def _property_gone(self, before: str, after: str, name: str) -> None:
        open_kind = self.seen.projector.left_out
        if open_kind is not None:
            if name not in open_kind:
                self._changed(before, after, name, self.then.objects[before][name], None)
        elif not any(each.object == after and each.name in (name, None) for each in self.now.unseen):
            detail = text("{property} is not in what was read, so it is unknown", property=name)
            missing = Unseen(after, name, self.seen.projector.absent, detail)
            self.found.unseen.append((self.key, _part(missing), missing.why))

    def _property_new(self, before: str, after: str, name: str) -> None:
        if self.seen.projector.left_out is None or name in self.left_out:
            self.found.unknown.append(text("{property} of {what}", property=name, what=self._what(before)))
        else:
            self._changed(before, after, name, None, self.now.objects[after][name])

    def _compare_order(self, names: Mapping[str, str]) -> None:
        """Compare the order of the objects that are still there; `names` are their old names by their new ones."""
        common = [names[each] for each in self.now.order if each in names]
        if common and not self.then.order:
            detail = text("the baseline does not hold the order: accept the present one")
            self.found.unseen.append((self.key, _PRIORITY, Unavailable(Reason.NOT_COLLECTED, detail)))
            return
        known = set(common)
        for move in moves([each for each in self.then.order if each in known], common):
            after = next(new for new, old in names.items() if old == move.name)
            self._enter(
                move.name,
                DriftChange.CHANGED,
                _PRIORITY,
                self.then.order.index(move.name),
                self.now.order.index(after),
                sentences.moved(self._what(move.name), move),
            )

    def _what(self, name: str) -> Message:
        return self.seen.projector.named(name, self.seen.target)

    def _enter(
        self, name: str, change: DriftChange, prop: str | None, before: object, after: object, summary: Message
    ) -> None:
        self.found.entries.append(DriftEntry(self.key[0], self.seen.target, name, change, prop, before, after, summary))


def _part(each: Unseen) -> str:
    return each.object if each.name is None else f"{each.object}: {each.name}"


def _content(properties: Properties) -> dict[str, object]:
    return {name: value for name, value in properties.items() if name != IDENTITY}
