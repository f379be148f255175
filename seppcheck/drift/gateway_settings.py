"""The gateway's settings by meaning: what they say, not who wrote them down or when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from seppcheck.drift.dns_records import fingerprint
from seppcheck.drift.projection import Projected, Projector, View, listed, same
from seppcheck.model.dns import host_name
from seppcheck.model.facts import Fact
from seppcheck.model.gateway import (
    BannerSetting,
    BuiltinMta,
    CustomCommands,
    DeliveryHold,
    DkimCommand,
    ExtendedFields,
    Firmware,
    Forwarding,
    GatewayDkimKey,
    HeloSetting,
    InternalMails,
    ManagedDomains,
    Smarthost,
    TlsLevel,
)
from seppcheck.model.text import Message, text

_LINES = "before_processing"


def _as_is(value: Any) -> Any:
    return value


def _word(value: str) -> str:
    return value.strip().lower()


def _one(noun: Message, kind: type[Fact], **fields: Callable[[Any], Any]) -> Projector:
    """Make the projector of a fact that is one object, named for its target; None is what nobody wrote down."""

    def project(found: Fact, view: View) -> Projected:
        given = {name: getattr(found, name) for name in fields}
        return Projected({view.target.name: {n: fields[n](v) for n, v in given.items() if v is not None}})

    return Projector(kind, noun, project, same)


def _extended(found: ExtendedFields, view: View) -> Projected:
    del view
    return Projected(
        {
            each.name: _known(
                type=each.type,
                default=each.default,
                tenants=None if each.tenants is None else listed(each.tenants),
                managed_domains=None if each.managed_domains is None else listed(map(host_name, each.managed_domains)),
            )
            for each in found.fields
        }
    )


def _known(**values: Any) -> Mapping[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _commands(found: CustomCommands, view: View) -> Projected:
    lines = [line.strip() for line in found.text.splitlines() if line.strip()]
    others = _known(ruleset_type=found.ruleset_type, ruleset_generated=found.ruleset_generated)
    return Projected({view.target.name: {_LINES: lines, **others}})


def _in_order(name: str, before: Any, after: Any) -> bool:
    """Compare commands line by line: their order counts."""
    return before == after if name == _LINES else same(name, before, after)


def _managed(found: ManagedDomains, view: View) -> Projected:
    """Return every managed domain; the smarthosts of those that are configured here are evidence of their own."""
    own = {domain.name for domain in view.site.domains}
    return Projected(
        {
            each.name: _known(customer=each.customer or None, smarthost=None if each.name in own else each.smarthost)
            for each in found.domains
        }
    )


def _hold(found: DeliveryHold, view: View) -> Projected:
    name = view.target.name
    values = {"customer_value": found.customer_value, "domain_value": found.domain_value}
    held = text("disable_delivery is true: mail is being refused")
    return Projected(
        {name: _known(customer=found.customer, groups_override=found.groups_override, **values)},
        remarks={(name, field): held for field, value in values.items() if value == "true"},
    )


def _key(found: GatewayDkimKey, view: View) -> Projected:
    key = fingerprint(found.public_key) if found.public_key else None
    return Projected({view.target.name: _known(present=found.present, key=key)})


GATEWAY = (
    _one(text("built-in mail transport agent of {object}"), BuiltinMta, enabled=_as_is),
    _one(text("SMTP banner setting of {object}"), BannerSetting, banner=host_name),
    _one(text("HELO setting of {object}"), HeloSetting, helo=host_name),
    _one(text("internal mail setting of {object}"), InternalMails, setting=_word),
    _one(text("firmware of {object}"), Firmware, version=str.strip),
    _one(text("DKIM custom command of {object}"), DkimCommand, present=_as_is),
    _one(text("smarthost of {object}"), Smarthost, host=host_name, listed=_as_is),
    _one(text("forwarding of {object}"), Forwarding, host=host_name, mx_lookup=_as_is),
    _one(text("TLS level of {object}"), TlsLevel, level=_word),
    Projector(DeliveryHold, text("delivery hold of {object}"), _hold, same),
    Projector(ExtendedFields, text("extended field {object}"), _extended, same),
    Projector(CustomCommands, text("custom commands of {object}"), _commands, _in_order),
    Projector(ManagedDomains, text("managed domain {object} of the gateway"), _managed, same),
    Projector(GatewayDkimKey, text("DKIM key of {object} on the gateway"), _key, same),
)
