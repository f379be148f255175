"""What the record asks: each answer's place, where the appliance shows it, and which checks need it.

This is the one place that knows which question belongs to which check.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto

from seppcheck.model.gateway_record import HOLD
from seppcheck.model.text import Message, text

NAME = "*"
"""Stands for a customer's or a domain's name in a path."""


class Form(StrEnum):
    """What an answer looks like."""

    TEXT = auto()
    YES_NO = auto()
    CHOICE = auto()
    FIELDS = auto()
    """The extended field of the guide: whether it is there, and its properties."""
    COMMAND = auto()
    """A text of many lines, or the file that holds it."""
    CERTIFICATE = auto()
    """The path of a certificate."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `menu` is where the appliance shows the answer, in the words of its own menus."""

    path: tuple[str, ...]
    checks: tuple[str, ...]
    menu: Message
    words: Message
    form: Form = Form.TEXT
    choices: tuple[str, ...] = ()

    def fits(self, path: tuple[str, ...]) -> bool:
        """Tell whether an answer's path is this question's."""
        return len(path) == len(self.path) and all(
            want in (NAME, given) for want, given in zip(self.path, path, strict=True)
        )


_HOLD_VALUES = ("true", "false", "default")

QUESTIONS = (
    Question(
        ("mail_system", "use_builtin_mta"),
        ("gateway-mta",),
        text("Mail System > Outgoing Server > Use built-in mail transport agent"),
        text("Is it enabled?"),
        Form.YES_NO,
    ),
    Question(
        ("mail_system", "smtp_banner"),
        ("smtp-banner",),
        text("Mail System > SMTP Settings > SMTP server banner string"),
        text("What does the field say?"),
    ),
    Question(
        ("mail_system", "smtp_helo"),
        ("smtp-helo",),
        text("Mail System > SMTP Settings > SMTP server HELO string"),
        text("What does the field say?"),
    ),
    Question(
        ("mail_system", "internal_mails"),
        ("gateway-internal-mail",),
        text(
            "Mail System > Managed Domains > Send internal mails (between two managed domains) to the smarthost of the "
            "sending managed domain"
        ),
        text("Which setting is chosen? For [Use Domain settings] write use-domain-settings"),
    ),
    Question(
        ("mail_system", "firmware"),
        ("gateway-firmware", "custom-command"),
        text(
            "Mail Processing > the active ruleset > firmware version, or where the web interface shows its own version"
        ),
        text("Which version, such as 15.0.4?"),
    ),
    Question(
        ("extended_fields",),
        ("extended-field",),
        text("Mail Processing > Extended Fields"),
        text("Is there a field disable_delivery?"),
        Form.FIELDS,
    ),
    Question(
        ("custom_commands", "before_processing"),
        ("custom-command",),
        text("Mail Processing > Custom macros and commands for all e-mails BEFORE processing"),
        text("What stands there?"),
        Form.COMMAND,
    ),
    Question(
        ("mail_processing", "ruleset_type"),
        ("custom-command",),
        text("Mail Processing > the active ruleset > type"),
        text("Which type?"),
        Form.CHOICE,
        ("Generator", "Upload"),
    ),
    Question(
        ("mail_processing", "ruleset_generated"),
        ("custom-command",),
        text("Mail Processing > the active ruleset > date of activation"),
        text("Was the ruleset generated after the last change of the custom commands?"),
        Form.YES_NO,
    ),
    Question(
        ("custom_commands", "dkim"),
        ("dkim-custom-command",),
        text("Mail Processing > Custom macros and commands"),
        text("Is the custom command there that goes with DKIM signatures of Exchange Online?"),
        Form.YES_NO,
    ),
    Question(
        ("domains", NAME, "customer"),
        ("delivery-hold", "tenant-to-tenant"),
        text("Customers > the customer, among its managed domains"),
        text("Which customer does {domain} belong to?", domain=NAME),
    ),
    Question(
        ("customers", NAME, "extended_fields", HOLD),
        ("delivery-hold",),
        text("Customers > {customer} > Extended Fields > disable_delivery", customer=NAME),
        text("Which value? (default = the words behind the field say that nothing is set here)"),
        Form.CHOICE,
        _HOLD_VALUES,
    ),
    Question(
        ("domains", NAME, "extended_fields", HOLD),
        ("delivery-hold",),
        text("Mail System > Managed Domains > {domain} > Extended Fields > disable_delivery", domain=NAME),
        text("Which value, if the firmware shows the field here?"),
        Form.CHOICE,
        _HOLD_VALUES,
    ),
    Question(
        ("mail_processing", "groups_override_hold"),
        ("delivery-hold",),
        text("Mail System > Managed Domains > the domain > Mail Processing Groups > Extended Fields"),
        text("Does a group carry a value of its own for disable_delivery?"),
        Form.YES_NO,
    ),
    Question(
        ("domains", NAME, "smarthost"),
        ("gateway-smarthost", "tenant-to-tenant"),
        text(
            "Mail System > Managed Domains > {domain} > Settings > Send ALL outgoing mails from this domain to the "
            "following SMTP server (optional)",
            domain=NAME,
        ),
        text("What does the field say? (- for empty)"),
    ),
    Question(
        ("domains", NAME, "certificate"),
        ("sender-certificate", "inbound-connector-tls"),
        text("Mail System > Managed Domains > {domain} > SSL Certificate", domain=NAME),
        text("Which file holds the certificate, without its private key (PEM or DER)?"),
        Form.CERTIFICATE,
    ),
    Question(
        ("domains", NAME, "dkim_key"),
        ("dkim-gateway-key", "dmarc-alignment"),
        text("Mail System > Managed Domains > {domain} > DKIM Settings", domain=NAME),
        text("Is there a key, and is signing enabled?"),
        Form.YES_NO,
    ),
    Question(
        ("domains", NAME, "dkim_public_key"),
        ("dkim-gateway-key",),
        text("Mail System > Managed Domains > {domain} > DKIM Settings > public key", domain=NAME),
        text("The public key in base64, in one line; never the private one"),
    ),
    Question(
        ("domains", NAME, "forwarding"),
        ("gateway-forwarding",),
        text("Mail System > Managed Domains > {domain} > Settings > Forwarding server", domain=NAME),
        text("What does the field say, with its square brackets?"),
    ),
    Question(
        ("domains", NAME, "forwarding_mx_lookup"),
        ("gateway-forwarding",),
        text("Mail System > Managed Domains > {domain} > Settings > Forwarding server", domain=NAME),
        text("Is an MX record looked up? (not where the host stands in square brackets)"),
        Form.YES_NO,
    ),
    Question(
        ("domains", NAME, "tls_level"),
        ("gateway-tls-level",),
        text("Mail System > Managed Domains > {domain} > TLS Settings", domain=NAME),
        text("Which level?"),
        Form.CHOICE,
        ("none", "may", "encrypt", "verify", "secure", "fingerprint"),
    ),
)


def question_of(path: tuple[str, ...]) -> Question:
    """Return the question that an answer belongs to.

    Raises:
        LookupError: for a path that no question asks for.
    """
    found = next((question for question in QUESTIONS if question.fits(path)), None)
    if found is None:
        raise LookupError(f"no question asks for {path}")
    return found


def checks_asked() -> Iterable[str]:
    """Return the id of every check that some question belongs to, each once."""
    return dict.fromkeys(check for question in QUESTIONS for check in question.checks)
