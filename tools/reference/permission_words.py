"""What permissions.md says besides its tables. What Microsoft's roles allow is cited where it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seppcheck.model.text import Message, text
from tools.reference.access import Access


@dataclass(frozen=True, slots=True)
class Way:
    """One access: what it is, and how little of it is enough."""

    what: Message
    least: Message


INTRODUCTION = (
    text(
        "Everything but `seppcheck apply` and `seppcheck rollback` only reads. Give it no more than that: what it may "
        "not do, no mistake can make it do. Nothing here is needed on a workstation for good; one day of read access "
        "is one audit."
    ),
    text(
        "Secrets stand in the environment (env:NAME) or in a file (file:PATH), never in seppcheck.toml. Each access is "
        "optional: what is missing makes its checks inconclusive, with the reason and what to configure, and never "
        "green."
    ),
)

WAYS: Mapping[Access, Way] = {
    Access.DNS: Way(
        text("UDP and TCP port 53 to the resolvers and to the authoritative servers of the zones and of their parents"),
        text("no account; let this machine ask the world's name servers, over TCP too, without a filter in between"),
    ),
    Access.SMTP: Way(
        text("TCP port 25 to the gateway: greeting, EHLO, STARTTLS, QUIT; never MAIL or DATA"),
        text("no account; where port 25 is closed, collect elsewhere and replay the bundle"),
    ),
    Access.HTTPS: Way(
        text("HTTPS to the MTA-STS host of a domain that announces a policy"),
        text("no account; a proxy is taken from the environment"),
    ),
    Access.REST: Way(
        text("HTTPS to the gateway's REST API, port 8445 unless set otherwise"),
        text("a key of its own, limited to reading where the firmware offers that; three requests are sent, see below"),
    ),
    Access.EXCHANGE: Way(
        text("HTTPS to login.microsoftonline.com and outlook.office365.com, or an export that an administrator makes"),
        text("an app registration with Exchange.ManageAsApp and Global Reader, or no access at all: the export"),
    ),
    Access.RECORD: Way(
        text("gateway-record.toml, which a person fills from the gateway's menus with `seppcheck attest`"),
        text("an account of the gateway that sees all menus and changes none (the role readonlyadmin)"),
    ),
    Access.MAIL: Way(
        text("the .eml files named in [mail] samples"),
        text("read access to that folder; a message without content that matters is enough, its header counts"),
    ),
    Access.HISTORY: Way(
        text("the folder .seppcheck/history beside the configuration, written by earlier runs"),
        text("read and write access to that folder; in CI, keep it from run to run"),
    ),
}

WEBHOOKS = text(
    "[[notify]] sends a short message by HTTPS to the address that its secret holds, when the verdict changes. Who "
    "knows such an address can write there: treat it as a secret. No check needs it."
)
WITHOUT = text(
    "A proxy that opens TLS connections has to be trusted by this machine (SSL_CERT_FILE, or ca_file in the section "
    "concerned); it cannot be told to be ignored."
)

SIGNS = text(
    "● the check cannot conclude without it; ◐ one of those marked so is enough; ○ taken into account where it is "
    "there, and what it contradicts is told."
)

LOOKING = (
    text(
        "Two grants are needed, and neither works alone: the application permission Exchange.ManageAsApp of Office 365 "
        "Exchange Online (with admin consent), and a directory role of Microsoft Entra on the app. Without both, "
        "Exchange answers 401; with the permission alone, 403. A role takes some minutes to become effective."
    ),
    text(
        "Permissions with similar names (Exchange.ManageAsAppV2, Exchange.AdminAPI.ManageAsApp) do not serve. The role "
        "Global Reader holds every cmdlet below. It also lets the app read much else in the tenant that this program "
        "never asks for; Security Reader is narrower, and was seen to read connectors, rules, DKIM, accepted domains "
        "and the connection filter. The narrowest way is a role group of your own with view-only roles, to which the "
        "app's service principal is added (New-ServicePrincipal, Add-RoleGroupMember)."
    ),
    text(
        "Give the app a certificate rather than a secret: Microsoft documents certificates alone for this. Let it end "
        "soon. The permission by itself would let the app do whatever its role allows: take the role away when the "
        "migration is over, or keep Global Reader for drift detection."
    ),
    text(
        "The program calls these cmdlets through the interface that Microsoft's own PowerShell module uses, which is "
        "not documented as an API. Who does not want that uses the export: `seppcheck explain exchange-export` prints "
        "a script that calls the same cmdlets in the session of a person, for whom Global Reader is enough as well."
    ),
)
SOURCES = (
    (
        text("Microsoft: app-only authentication, permission and roles"),
        "https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2",
    ),
    (
        text("Microsoft: the cmdlets, each with its parameters"),
        "https://learn.microsoft.com/powershell/module/exchangepowershell/",
    ),
    (
        text("Microsoft: permissions in Exchange Online, role groups"),
        "https://learn.microsoft.com/exchange/permissions-exo/permissions-exo",
    ),
)
CHANGING = (
    text(
        "Only `seppcheck apply` and `seppcheck rollback` change anything, and only what a reviewed plan holds. They "
        "need the role Exchange Administrator in place of Global Reader. Assign it for the night, and take it away "
        "afterwards. Before the first step it is asked which cmdlets the app may call; one that is missing ends the "
        "run before anything is changed."
    ),
    text(
        "Nobody has to grant that: `seppcheck plan cutover --format powershell` prints the same steps for an "
        "administrator who carries them out."
    ),
)
REST = (
    text(
        "The key and its secret are made under System, Advanced view, REST API. The API documents no key that may only "
        "read; if the firmware offers to limit one, limit it. These requests are sent and no others, since even a GET "
        "of another address can make the gateway apply settings:"
    ),
)
UPDATES = (
    text(
        "Only `seppcheck apply` and `seppcheck rollback` need it: a TSIG key for RFC 2136 ([[dns.update]]) or a "
        "provider in octoDNS ([octodns]). Whatever the key allows, the program writes MX, SPF, _dmarc, the DKIM "
        "selector, MTA-STS and TLSA of the domains and the gateway's PTR, and deletes no MX record."
    ),
)
UPDATE_POLICY = text("In BIND, a key that may do this and nothing else, in the zone of one domain:")
BIND_EXAMPLE = """\
update-policy {
    grant seppcheck. name example.org MX TXT;
    grant seppcheck. name _dmarc.example.org TXT;
    grant seppcheck. name _mta-sts.example.org TXT;
    grant seppcheck. name seppmail._domainkey.example.org TXT;
};"""
