"""The gateway's own settings as evidence: observed over REST or in real mail, else attested in the record."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seppcheck.model.evidence import evidence
from seppcheck.model.facts import Attested, Fact, Voice
from seppcheck.model.smtp import Certificate
from seppcheck.model.targets import Domain, Gateway


@evidence("builtin-mta", target=Gateway)
@dataclass(frozen=True, slots=True)
class BuiltinMta(Fact):
    """Mail System > Outgoing Server > Use built-in mail transport agent (guide P3)."""

    enabled: bool
    voice: Voice
    against: Attested | None = None


@evidence("banner-setting", target=Gateway)
@dataclass(frozen=True, slots=True)
class BannerSetting(Fact):
    """Mail System > SMTP Settings > SMTP server banner string, as written down (guide P4)."""

    banner: str
    voice: Voice
    against: Attested | None = None


@evidence("helo-setting", target=Gateway)
@dataclass(frozen=True, slots=True)
class HeloSetting(Fact):
    """Mail System > SMTP Settings > SMTP server HELO string, as written down (guide P5)."""

    helo: str
    voice: Voice
    against: Attested | None = None


@evidence("internal-mails", target=Gateway)
@dataclass(frozen=True, slots=True)
class InternalMails(Fact):
    """Mail System > Managed Domains > Send internal mails ... (guide P6); `use-domain-settings` is right."""

    setting: str
    voice: Voice
    against: Attested | None = None


@evidence("firmware", target=Gateway)
@dataclass(frozen=True, slots=True)
class Firmware(Fact):
    """The firmware's version, such as `15.0.4`."""

    version: str
    voice: Voice
    against: Attested | None = None

    @property
    def release(self) -> tuple[int, ...] | None:
        """Its first three numbers, to be compared; None when it does not begin with a number."""
        numbers = re.match(r"\s*v?(\d+(?:\.\d+){0,3})", self.version)
        if numbers is None:
            return None
        found = tuple(map(int, numbers[1].split(".")))
        return (*found, 0, 0, 0)[: max(len(found), 3)]


@dataclass(frozen=True, slots=True)
class ExtendedField:
    """One extended field: its type and default, and what it is assigned to; None = nobody wrote it down."""

    name: str
    type: str | None
    default: str | None
    tenants: tuple[str, ...] | None = ()
    managed_domains: tuple[str, ...] | None = ()


@evidence("extended-fields", target=Gateway)
@dataclass(frozen=True, slots=True)
class ExtendedFields(Fact):
    """Mail Processing > Extended Fields (guide P7): every field that is written down."""

    fields: tuple[ExtendedField, ...]
    voice: Voice
    against: Attested | None = None


@evidence("custom-commands", target=Gateway)
@dataclass(frozen=True, slots=True)
class CustomCommands(Fact):
    """Mail Processing > Custom macros and commands for all e-mails BEFORE processing (guide P8).

    `ruleset_type` is `Generator` or `Upload`, `ruleset_generated` whether the ruleset was generated
    since the last change; None = nobody wrote it down. `file` names where the text came from.
    """

    text: str
    ruleset_type: str | None
    ruleset_generated: bool | None
    voice: Voice
    file: str = ""
    against: Attested | None = None


@evidence("dkim-command", target=Gateway)
@dataclass(frozen=True, slots=True)
class DkimCommand(Fact):
    """Whether the custom command that goes with DKIM of Exchange Online is there (guide K1)."""

    present: bool
    voice: Voice
    against: Attested | None = None


@dataclass(frozen=True, slots=True)
class ManagedDomain:
    """A managed domain as the gateway lists it."""

    name: str
    customer: str = ""
    smarthost: str | None = None
    """The host of its smarthost, "" when empty, None when unknown."""


@evidence("managed-domains", target=Gateway)
@dataclass(frozen=True, slots=True)
class ManagedDomains(Fact):
    """Every managed domain of the gateway with its customer ("" = unknown), A-labels without a dot."""

    domains: tuple[ManagedDomain, ...]
    voice: Voice
    against: Attested | None = None


@evidence("smarthost", target=Domain)
@dataclass(frozen=True, slots=True)
class Smarthost(Fact):
    """Send ALL outgoing mails from this domain to the following SMTP server (guide A1); "" = empty.

    `listed` is false when the gateway answered, and has no such managed domain.
    """

    host: str
    voice: Voice
    listed: bool = True
    against: Attested | None = None


@evidence("forwarding", target=Domain)
@dataclass(frozen=True, slots=True)
class Forwarding(Fact):
    """Where the gateway hands mail for the domain over to; `mx_lookup` None = unknown."""

    host: str
    mx_lookup: bool | None
    voice: Voice
    against: Attested | None = None


@evidence("tls-level", target=Domain)
@dataclass(frozen=True, slots=True)
class TlsLevel(Fact):
    """TLS settings of the managed domain: none, may, encrypt, verify, secure, fingerprint."""

    level: str
    voice: Voice
    against: Attested | None = None


@evidence("gateway-dkim-key", target=Domain)
@dataclass(frozen=True, slots=True)
class GatewayDkimKey(Fact):
    """The DKIM key of the domain on the gateway (guide K2): its public part in base64 DER, "" = unknown."""

    present: bool
    public_key: str
    voice: Voice
    against: Attested | None = None


@evidence("delivery-hold", target=Domain)
@dataclass(frozen=True, slots=True)
class DeliveryHold(Fact):
    """The extended field `disable_delivery` of the domain (guide A2, D1).

    `customer_value` and `domain_value` are `true`, `false`, `default` (not set there) or None
    (nobody wrote it down). `also_held` are the customer's other managed domains that
    are not configured here, where the hold stands at the customer.
    """

    customer: str
    customer_value: str | None
    domain_value: str | None
    groups_override: bool | None
    default: str | None
    voice: Voice
    also_held: tuple[str, ...] = ()
    against: Attested | None = None

    @property
    def value(self) -> str:
        """The value that counts: `true` anywhere counts as true; `default` only where nothing else is set."""
        given = [v for v in (self.customer_value, self.domain_value) if v is not None]
        return next((v for v in ("true", "false") if v in given), "default")


@evidence("sender-certificate", target=Domain)
@dataclass(frozen=True, slots=True)
class SenderCertificate(Fact):
    """The SSL certificate of the managed domain, which the gateway shows to Exchange Online (guide S1)."""

    certificate: Certificate
    voice: Voice
    file: str = ""
    against: Attested | None = None
