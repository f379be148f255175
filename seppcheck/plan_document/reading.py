"""From a document back to a plan: strictly, for what is read here is going to be carried out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from seppcheck.model.changes import ChangeKind, DnsImage, ExchangeImage, FactImage, Image, Milestone, PlanPhase, System
from seppcheck.model.plans import Backwards, MigrationPlan, PlannedChange, Unseen
from seppcheck.model.targets import TARGETS, Target
from seppcheck.model.text import Text, text
from seppcheck.plan_document.canonical import fingerprint
from seppcheck.plan_document.parts import Part
from seppcheck.plan_document.writing import SCHEMA_VERSION

_PLAN = text("the plan")
_KEYS = (
    *("schema_version", "phase", "fingerprint", "gateway", "tenant", "domains", "language", "created_at", "judged_at"),
    *("changes", "notes", "unseen"),
)
_CHANGE = (
    *("id", "check", "requirements", "system", "kind", "milestone", "proof", "summary", "why", "target_kind", "target"),
    *("before", "after", "inverse", "steps", "needs", "until", "seconds", "breaks_if_stopped_here"),
)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,127}")
_TYPE = re.compile(r"[A-Z][A-Z0-9-]{0,31}")
_NOUN = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")
_GUID = re.compile(r"[0-9A-Za-z-]{1,64}")
_NAME = 1_024
"""Characters of a name: a DNS name has at most 255 octets, four characters each where they are escaped."""
_TTL = 2**31 - 1
_LONGEST_WAIT = 10 * 365 * 24 * 3600
_KINDS: Mapping[str, type[Target]] = {kind.kind: kind for kind in TARGETS}
_WRITES: Mapping[System, type[DnsImage | ExchangeImage]] = {
    System.DNS: DnsImage,
    System.EXCHANGE: ExchangeImage,
}


def from_document(document: object, source: Text = _PLAN) -> MigrationPlan:
    """Return the plan that a document holds.

    Args:
        document: what a JSON file held.
        source: names the file, for errors.

    Raises:
        UserError: naming the key and what is wrong: of another schema_version, incomplete, with a key that this
            version does not know, or changed since its fingerprint was made.
    """
    whole = Part(document, source)
    _refuse_other_versions(whole)
    parts = whole.table(_KEYS)
    changes: dict[str, PlannedChange] = {}
    for part in parts["changes"].items():
        change = _change(part, changes)
        changes[change.id] = change
    plan = MigrationPlan(
        phase=parts["phase"].word(PlanPhase),
        language=parts["language"].matching(_LANGUAGE, text("a language such as en")),
        gateway=parts["gateway"].text(most=_NAME),
        tenant=parts["tenant"].text(most=_NAME),
        domains=parts["domains"].texts(),
        created_at=parts["created_at"].moment(),
        judged_at=parts["judged_at"].moment(),
        changes=tuple(changes.values()),
        notes=parts["notes"].texts(),
        unseen=tuple(_unseen(part) for part in parts["unseen"].items()),
    )
    _refuse_edited(whole, parts["fingerprint"])
    return plan


def _refuse_other_versions(whole: Part) -> None:
    version = whole.members().get("schema_version")
    if version is None:
        raise whole.fault(text("this is no plan of seppcheck: it has no schema_version"))
    if version.number(0, _TTL) != SCHEMA_VERSION:
        raise version.fault(
            text(
                "it is {found}, and this version of seppcheck reads {known}", found=version.value, known=SCHEMA_VERSION
            )
        )


def _refuse_edited(whole: Part, given: Part) -> None:
    made = fingerprint(whole.value) if isinstance(whole.value, Mapping) else ""
    if given.text() != made:
        raise given.fault(
            text("the content has the fingerprint {made}: the plan was changed after it was made", made=made)
        )


def _change(part: Part, earlier: Mapping[str, PlannedChange]) -> PlannedChange:
    parts = part.table(_CHANGE)
    change = PlannedChange(
        id=parts["id"].matching(_ID, text("a short name such as 7")),
        check=parts["check"].matching(_WORD, text("the id of a check")),
        requirements=parts["requirements"].texts(),
        system=parts["system"].word(System),
        kind=parts["kind"].word(ChangeKind),
        milestone=parts["milestone"].maybe(lambda p: p.word(Milestone)),
        proof=parts["proof"].flag(),
        summary=parts["summary"].text(least=1),
        why=parts["why"].text(),
        target_kind=_target_kind(parts["target_kind"]),
        target=parts["target"].text(most=_NAME),
        before=parts["before"].maybe(_image),
        after=parts["after"].maybe(_image),
        inverse=parts["inverse"].maybe(_inverse),
        steps=parts["steps"].texts(),
        needs=parts["needs"].texts(),
        until=parts["until"].maybe(Part.moment),
        seconds=parts["seconds"].maybe(lambda p: p.number(0, _LONGEST_WAIT)),
        breaks=parts["breaks_if_stopped_here"].maybe(Part.text),
    )
    _refuse_disorder(parts, change, earlier)
    _refuse_unwritable(part, change)
    return change


def _refuse_disorder(parts: Mapping[str, Part], change: PlannedChange, earlier: Mapping[str, PlannedChange]) -> None:
    if change.id in earlier:
        raise parts["id"].fault(text("an earlier change has the id {id}", id=change.id))
    strays = tuple(needed for needed in change.needs if needed not in earlier)
    if strays:
        raise parts["needs"].fault(text("no earlier change has the id {id}", id=strays[0][:64]))


def _refuse_unwritable(part: Part, change: PlannedChange) -> None:
    """See that what this program is to write is one thing of a system that it writes to."""
    if not change.writes:
        return
    kind = _WRITES.get(change.system)
    images = [image for image in (change.before, change.after) if image is not None]
    if kind is None or not images or not all(isinstance(image, kind) for image in images):
        raise part.fault(text("an automatic change is one of dns or exchange, and holds images of it"))
    if len({_thing(image) for image in images}) > 1:
        raise part.fault(text("before and after are images of different things"))


def _thing(image: Image) -> tuple[str, ...]:
    match image:
        case DnsImage():
            return image.type, image.name
        case ExchangeImage():
            return image.type, image.guid
        case FactImage():
            return image.kind, image.target.kind, image.target.name


def _inverse(part: Part) -> Backwards:
    parts = part.table(("before", "after", "steps"))
    return Backwards(parts["before"].maybe(_image), parts["after"].maybe(_image), parts["steps"].texts())


def image_from_document(value: object, source: Text = _PLAN) -> Image | None:
    """Return one image, as `image_to_document` wrote it.

    Raises:
        UserError: naming the key and what is wrong.
    """
    return Part(value, source).maybe(_image)


def _image(part: Part) -> Image:
    """Read an image; the three kinds are told apart by the key that only one of them has."""
    members = part.members()
    if "values" in members:
        return _dns_image(part)
    if "properties" in members:
        return _exchange_image(part)
    if "evidence" in members:
        return _fact_image(part)
    raise part.fault(text("an image holds values, properties or evidence"))


def _dns_image(part: Part) -> DnsImage:
    parts = part.table(("name", "type", "ttl", "values"))
    return DnsImage(
        parts["name"].text(least=1, most=_NAME),
        parts["type"].matching(_TYPE, text("a record type such as MX")),
        parts["ttl"].number(0, _TTL),
        tuple(value.text(least=1) for value in parts["values"].items(least=1)),
    )


def _exchange_image(part: Part) -> ExchangeImage:
    parts = part.table(("type", "guid", "name", "properties"))
    properties = parts["properties"].members()
    for name in properties:
        if not _NOUN.fullmatch(name):
            raise parts["properties"].fault(text("{name} is no name of a property", name=name[:64]))
    return ExchangeImage(
        parts["type"].matching(_NOUN, text("a noun of Exchange's cmdlets such as TransportRule")),
        parts["name"].text(most=_NAME),
        {name: value.plain(list) for name, value in properties.items()},
        parts["guid"].maybe(lambda p: p.matching(_GUID, text("a Guid"))) or "",
    )


def _fact_image(part: Part) -> FactImage:
    parts = part.table(("evidence", "target", "data"))
    target = parts["target"].table(("kind", "name"))
    kind = _KINDS[_target_kind(target["kind"])]
    data = {name: value.plain(tuple) for name, value in parts["data"].members().items()}
    return FactImage(
        parts["evidence"].matching(_WORD, text("a kind of evidence")), kind(target["name"].text(most=_NAME)), data
    )


def _target_kind(part: Part) -> str:
    found = part.text(most=_NAME)
    if found not in _KINDS:
        raise part.fault(text("must be one of {known}, and is {found}", known=tuple(_KINDS), found=found[:64]))
    return found


def _unseen(part: Part) -> Unseen:
    parts = part.table(("check", "target", "reason", "detail"))
    return Unseen(
        check=parts["check"].text(),
        target=parts["target"].text(),
        reason=parts["reason"].text(),
        detail=parts["detail"].text(),
    )
