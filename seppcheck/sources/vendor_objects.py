"""By what the vendor's objects are known: names of every version of its modules, stamps and headers."""

from __future__ import annotations

import re

from seppcheck.api import ExchangeObject, Stamp

_NUMBERED = (
    "050 on SPF fail - no SEPPmail",
    "100 Route incoming e-mails to SEPPmail",
    "110 Route incoming tagged e-mails to SEPPmail",
    "110 Route incoming PGP e-mails to SEPPmail",
    "120 Route incoming tagged e-mails to SEPPmail",
    "200 Route outgoing e-mails to SEPPmail",
    "300 Clean outbound SEPPmail header decrypted",
    "400 Clean outbound SEPPmail header encrypted",
    "500 Clean outbound SEPPmail header outgoing",
    "600 Clean outbound SEPPmail header smarthost",
)
_UNNUMBERED = (
    "Route incoming/internal Mails to SEPPmail",
    "Route ExO organiz./internal Mails to SEPPmail",
    "Route outgoing/internal Mails to SEPPmail",
    "Skip SPF check after incoming appliance routing",
    "Skip SPF check after internal appliance routing",
    "Clean outbound SEPPmail header decrypted",
    "Clean outbound SEPPmail header encrypted",
    "Clean outbound SEPPmail header outgoing",
    "Route incoming e-mails to SEPPmail",
    "Route outgoing e-mails to SEPPmail",
    "Set Identification Header",
)
RULES = frozenset(f"[SEPPmail] - {name}".lower() for name in (*_NUMBERED, *_UNNUMBERED))
"""Every rule name of SEPPmail365 1.0 to 2.5 and SEPPmailConnect, lower-case: case changed with the brand."""

CONNECTORS = frozenset({"[seppmail] appliance -> exchangeonline", "[seppmail] exchangeonline -> appliance"})
"""The connector names of every version, lower-case."""

_HEADERS = ("x-sm-", "x-sepp-", "x-seppmail-")
_HEADER_PROPERTIES = (
    "SetHeaderName",
    "RemoveHeader",
    "HeaderContainsMessageHeader",
    "HeaderMatchesMessageHeader",
    "ExceptIfHeaderContainsMessageHeader",
    "ExceptIfHeaderMatchesMessageHeader",
)
_STAMP = re.compile(
    r"created with (?P<module>SEPPmail365cloud|SEPPmail365|SEPPmailConnect)\b(?: PowerShell)?(?: Module)?"
    r"(?: version (?P<version>[\w.+-]{1,40}))?(?: on (?P<date>[^\r\n#]{1,60}))?",
    re.IGNORECASE,
)
_HYBRID = ("inbound from ", "outbound to ")


def stamp_of(entry: ExchangeObject) -> Stamp | None:
    """Return the vendor's stamp in the comment, of the appliance's module or the cloud product's."""
    found = _STAMP.search(entry.text("Comments") or entry.text("Comment"))
    if found is None:
        return None
    return Stamp(found["module"], found["version"] or "", (found["date"] or "").strip())


def is_named_for_vendor(entry: ExchangeObject) -> bool:
    """Tell whether it carries the whole name of one of the vendor's objects for the appliance."""
    return entry.name.strip().lower() in RULES | CONNECTORS


def is_cloud_product(entry: ExchangeObject) -> bool:
    """Tell whether it belongs to SEPPmail.cloud, a different product: by name prefix or by stamp."""
    stamp = stamp_of(entry)
    by_stamp = stamp is not None and stamp.module.lower() == "seppmail365cloud"
    return by_stamp or entry.name.strip().lower().startswith("[seppmail.cloud]")


def is_hybrid(entry: ExchangeObject) -> bool:
    """Tell whether the hybrid configuration wizard made the connector."""
    return entry.text("ConnectorSource").lower() == "hybridwizard"


def is_named_for_hybrid(entry: ExchangeObject) -> bool:
    """Tell whether it is named as the hybrid configuration wizard names connectors; anybody may do so."""
    return entry.name.strip().lower().startswith(_HYBRID)


def _is_vendor_header(name: str) -> bool:
    return name.strip().lower().startswith(_HEADERS)


def vendor_headers(rule: ExchangeObject) -> tuple[str, ...]:
    """Return the vendor's headers that a rule sets, removes or looks at."""
    named = (value for name in _HEADER_PROPERTIES for value in rule.items(name))
    return tuple(dict.fromkeys(value for value in named if _is_vendor_header(value)))


def parallel_exceptions(rule: ExchangeObject) -> tuple[str, ...]:
    """Return which of the three exceptions it has that only the parallel rule 200 has."""
    headers = ("ExceptIfHeaderMatchesMessageHeader", "ExceptIfHeaderContainsMessageHeader")
    found = tuple(name for name in headers if any(map(_is_vendor_header, rule.items(name))))
    replies = any(value.strip().lower() == "oof" for value in rule.items("ExceptIfMessageTypeMatches"))
    return (*found, "ExceptIfMessageTypeMatches") if replies else found


def routes_incoming(rule: ExchangeObject) -> bool:
    """Tell whether it marks mail as incoming, which nothing inline does."""
    name, value = rule.text("SetHeaderName").strip().lower(), rule.text("SetHeaderValue").strip().lower()
    return (name, value) == ("x-sm-maildirection", "inbound")
