"""The tables of gateway-record.toml. A key that is absent is unknown, never false."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from seppcheck import names
from seppcheck.errors import InvalidValueError
from seppcheck.model.text import text
from seppcheck.record.files import command_text, public_certificate
from seppcheck.record.keys import refuse_private_key
from seppcheck.settings.sections import Many, Section
from seppcheck.settings.values import Words, folder_of
from seppcheck.toml_files.faults import Fault, refuse

Hold = Literal["true", "false", "default"]
TlsLevels = Literal["none", "may", "encrypt", "verify", "secure", "fingerprint"]
FILE = "file:"


def _past(value: datetime, info: ValidationInfo) -> datetime:
    if value.tzinfo is None:
        raise InvalidValueError(text("this time has no offset; write 2026-11-20T09:30:00Z or +01:00 at its end"))
    now = (info.context or {}).get("now")
    if isinstance(now, datetime) and value > now:
        raise InvalidValueError(text("this time lies in the future; nobody can have looked yet"))
    return value


def _command(value: str, info: ValidationInfo) -> str:
    folder = folder_of(info)
    if value.startswith(FILE) and folder:
        command_text(folder / value.removeprefix(FILE))
    return value


def _certificate(value: str, info: ValidationInfo) -> str:
    if folder := folder_of(info):
        public_certificate(folder / value)
    return value


Moment = Annotated[datetime, AfterValidator(_past)]
Command = Annotated[str, StringConstraints(strip_whitespace=False), AfterValidator(_command)]
CertificatePath = Annotated[Words, AfterValidator(_certificate)]
PublicKey = Annotated[str, AfterValidator(refuse_private_key)]


class MailSystemSection(Section):
    """Mail System, the settings that hold for the whole gateway."""

    use_builtin_mta: bool | None = None
    smtp_banner: str | None = None
    smtp_helo: str | None = None
    internal_mails: str | None = None
    firmware: str | None = None


class ExtendedFieldSection(Section):
    """One entry of Mail Processing > Extended Fields."""

    name: Words
    type: str | None = None
    default: str | None = None
    tenants: Many[str] | None = None
    managed_domains: Many[str] | None = None


class CustomCommandsSection(Section):
    """Custom commands: those before processing, and whether the one for DKIM is there."""

    before_processing: Command | None = None
    dkim: bool | None = None


class HoldSection(Section):
    """The extended fields of a customer or a domain, of which one matters here."""

    disable_delivery: Hold | None = None


class CustomerSection(Section):
    """One customer."""

    extended_fields: HoldSection = HoldSection()


class RecordedDomainSection(Section):
    """One managed domain."""

    smarthost: str | None = None
    certificate: CertificatePath | None = None
    dkim_key: bool | None = None
    dkim_public_key: PublicKey | None = None
    forwarding: str | None = None
    forwarding_mx_lookup: bool | None = None
    tls_level: TlsLevels | None = None
    customer: Words | None = None
    extended_fields: HoldSection = HoldSection()


class MailProcessingSection(Section):
    """Mail Processing: the ruleset that is active, and whether a group overrides the hold."""

    ruleset_type: Literal["Generator", "Upload"] | None = None
    ruleset_generated: bool | None = None
    groups_override_hold: bool | None = None


class AnsweredSection(Section):
    """An answer's own date and author, where they differ from those of the whole record."""

    at: Moment
    by: Words | None = None


class RecordDocument(Section):
    """The whole of gateway-record.toml."""

    attested_by: Words
    attested_at: Moment
    mail_system: MailSystemSection = MailSystemSection()
    extended_fields: Many[ExtendedFieldSection] | None = None
    custom_commands: CustomCommandsSection = CustomCommandsSection()
    customers: dict[str, CustomerSection] = Field({})
    domains: dict[str, RecordedDomainSection] = Field({})
    mail_processing: MailProcessingSection = MailProcessingSection()
    answered: dict[str, AnsweredSection] = Field({})

    @field_validator("domains", mode="wrap")
    @classmethod
    def _names(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        tables: dict[str, RecordedDomainSection] = handler(value)
        faults, spelt = [], dict[str, str]()
        for given in tables:
            try:
                name = names.a_label(given)
            except InvalidValueError as error:
                faults.append(Fault((given,), error.message))
                continue
            if other := spelt.get(name):
                same = text("{name} and {other} are the same domain: {label}", name=given, other=other, label=name)
                faults.append(Fault((given,), same))
            spelt[name] = given
        refuse(faults)
        return {name: tables[given] for name, given in spelt.items()}


def file_of(value: str, folder: Path) -> Path | None:
    """Return the file that a value names with `file:`, if it does."""
    return folder / value.removeprefix(FILE) if value.startswith(FILE) else None
