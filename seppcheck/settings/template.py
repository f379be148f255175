"""The seppcheck.toml that `init` writes: what is known filled in, all else explained and commented out."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import idna

from seppcheck.model.text import Message, Translate, text

_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Start:
    """What the file begins with; names as A-labels."""

    gateway: str
    addresses: tuple[str, ...]
    domains: tuple[str, ...]
    tenant: str = ""
    resolvers: tuple[str, ...] = ()
    port: int = 53


def settings_text(start: Start, translate: Translate = str) -> str:
    """Return the file's text, with its comments in the reader's language."""
    lines: list[str] = []
    for part in _parts(start):
        lines += _comment(part, translate) if isinstance(part, Message) else [part]
    return "\n".join(lines) + "\n"


def _comment(message: Message, translate: Translate) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(message.render(translate), _WIDTH, break_long_words=False)]


def _parts(start: Start) -> Iterator[str | Message]:
    """Yield lines of the file, and messages, which become comments."""
    yield text(
        "The configuration of seppcheck. Paths in it are relative to this file; lines that begin with # are off."
    )
    yield text("`seppcheck config check` tells whether it is right, `seppcheck config schema` what it may say.")
    yield from _gateway(start)
    yield from _exchange(start)
    yield from _dns(start)
    yield from _mail_and_run()
    yield from _notify()
    yield from _domains(start.domains)
    yield from _waivers(start.domains)


def _gateway(start: Start) -> Iterator[str | Message]:
    yield from ("", "[gateway]")
    yield text("The name that PTR, SMTP banner, HELO, MX and certificate carry.")
    yield f"name = {_quoted(start.gateway)}"
    yield text("Its public addresses. Without this line: what DNS says of the name.")
    known = start.addresses or ("203.0.113.25", "2001:db8::25")
    yield f"{'' if start.addresses else '# '}addresses = {_list(known)}"
    yield text("The gateway record: settings of the appliance that no program can read, written down by a person.")
    yield text("A file of this name is found without this line.")
    yield '# record = "gateway-record.toml"'
    yield ""
    yield text("The gateway's REST API, which is only ever read. Token and secret must not stand here:")
    yield text("env:NAME names an environment variable that holds one, file:PATH a file.")
    yield text("Trust is the operating system's; add ca_file, or a fingerprint, for a certificate of your own.")
    yield "# [gateway.api]"
    yield f"# url = {_quoted(f'https://{start.gateway}:8445/v1')}"
    yield from ('# token = "env:SEPPMAIL_API_TOKEN"', '# secret = "env:SEPPMAIL_API_SECRET"')
    yield from ("", *_cluster())


def _cluster() -> Iterator[str | Message]:
    yield text("A cluster instead has one table of these for each machine, and no addresses above:")
    yield from ("# [[gateway.nodes]]", '# name = "node1.example.org"', '# addresses = ["203.0.113.26"]')


def _exchange(start: Start) -> Iterator[str | Message]:
    yield ""
    yield text("Exchange Online. Without it what only the tenant can tell stays inconclusive.")
    yield f"{'' if start.tenant else '# '}[exchange]"
    yield f"{'' if start.tenant else '# '}tenant = {_quoted(start.tenant or 'example.onmicrosoft.com')}"
    yield text("Either an export: a folder with the JSON files of the Exchange cmdlets.")
    yield '# export = "exchange-export/"'
    yield text("Or live: the id of an app registration, with the PEM file of its certificate and key.")
    yield from ('# client_id = "00000000-0000-0000-0000-000000000000"', '# certificate = "file:app.pem"')


def _dns(start: Start) -> Iterator[str | Message]:
    off = "" if start.resolvers else "# "
    yield ""
    yield text("Resolvers to ask. Without it: this system's. Zones are always asked at their own servers.")
    yield from (f"{off}[dns]", f"{off}resolvers = {_list(start.resolvers or ('192.0.2.53',))}")
    if start.resolvers:
        yield f"port = {start.port}"


def _mail_and_run() -> Iterator[str | Message]:
    yield ""
    yield text("Real messages as they were received: proof of HELO names, hops and signatures.")
    yield from ("# [mail]", '# samples = ["samples/*.eml"]')
    yield ""
    yield text("Checks that are left out, each with its reason. Every report lists them.")
    yield from ("# [run]", '# skip = [{ check = "dns-spf-gateway", reason = "..." }]')


def _notify() -> Iterator[str | Message]:
    yield ""
    yield text("Who is told when the verdict changes: a webhook of your own, a channel in Microsoft Teams or in Slack.")
    yield text("Its URL must not stand here: whoever knows it can write there. Without on: all three changes.")
    yield "# [[notify]]"
    yield from ('# kind = "teams"', '# url = "env:SEPPCHECK_WEBHOOK"', '# on = ["failed", "inconclusive", "recovered"]')


def _domains(names: Sequence[str]) -> Iterator[str | Message]:
    yield ""
    yield text(
        "The managed domains that move, a table each. customer is the gateway's customer that the domain belongs to,"
    )
    yield text("dkim_selector the selector that the gateway signs with; both are optional.")
    for name in names:
        yield from ("[[domains]]", f"name = {_quoted(name)}{_unicode(name)}")
        yield from ('# customer = "example"', '# dkim_selector = "seppmail"', "")


def _waivers(domains: Sequence[str]) -> Iterator[str | Message]:
    yield text(
        "A finding that somebody answers for until a day, that day included. Reason, owner and until are mandatory."
    )
    yield from ("# [[waivers]]", '# check = "dns-mx-ttl"', f"# target = {_quoted(domains[0])}")
    yield from ('# reason = "..."', '# owner = "..."', "# until = 2026-12-31")


def _unicode(name: str) -> str:
    """Return a comment with the name as people write it, where that differs."""
    try:
        shown = idna.decode(name)
    except idna.IDNAError:
        return ""
    return f"  # {shown}" if shown != name and shown.isprintable() else ""


def _quoted(value: str) -> str:
    """Return a TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(value)


def _list(values: Sequence[str]) -> str:
    return json.dumps(list(values))
