"""Facts of the gateway as a whole, of which the record alone can tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from seppcheck.api import (
    BannerSetting,
    BuiltinMta,
    CustomCommands,
    DkimCommand,
    ExtendedFields,
    Firmware,
    Gateway,
    HeloSetting,
    InternalMails,
    Now,
    Session,
    Unavailable,
    Voice,
    source,
)
from seppcheck.model.gateway_record import Answer, GatewayRecord
from seppcheck.sources.attested import Attestation

F = TypeVar("F")


@source("record")
async def mail_system(
    gateway: Gateway, record: GatewayRecord | Unavailable, session: Session, now: Now
) -> tuple[
    BuiltinMta | Unavailable,
    BannerSetting | Unavailable,
    HeloSetting | Unavailable,
    InternalMails | Unavailable,
    Firmware | Unavailable,
]:
    """Return what was written down of Mail System."""
    del gateway
    written = Attestation.of(record, session, now)
    return (
        _fact(written, BuiltinMta, "mail_system", "use_builtin_mta"),
        _fact(written, BannerSetting, "mail_system", "smtp_banner"),
        _fact(written, HeloSetting, "mail_system", "smtp_helo"),
        _fact(written, InternalMails, "mail_system", "internal_mails"),
        _fact(written, Firmware, "mail_system", "firmware"),
    )


@source("record")
async def mail_processing(
    gateway: Gateway, record: GatewayRecord | Unavailable, session: Session, now: Now
) -> tuple[ExtendedFields | Unavailable, CustomCommands | Unavailable, DkimCommand | Unavailable]:
    """Return what was written down of Mail Processing."""
    del gateway
    written = Attestation.of(record, session, now)
    return (
        _fact(written, ExtendedFields, "extended_fields"),
        _commands(written),
        _fact(written, DkimCommand, "custom_commands", "dkim"),
    )


def _fact(written: Attestation, make: Callable[[Any, Voice], F], *path: str) -> F | Unavailable:
    answer = written.answer(*path)
    return make(answer.value, written.voice(answer)) if isinstance(answer, Answer) else answer


def _commands(written: Attestation) -> CustomCommands | Unavailable:
    answer = written.answer("custom_commands", "before_processing")
    if not isinstance(answer, Answer):
        return answer
    return CustomCommands(
        text=str(answer.value),
        ruleset_type=written.value(str, "mail_processing", "ruleset_type"),
        ruleset_generated=written.value(bool, "mail_processing", "ruleset_generated"),
        voice=written.voice(answer),
        file=answer.file,
    )
