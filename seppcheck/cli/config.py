"""`seppcheck config`: whether seppcheck.toml is right, and what it may say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from seppcheck import plugins
from seppcheck.cli import PASSED, Context
from seppcheck.cli.usage import Commands
from seppcheck.model.text import Message, Text, text
from seppcheck.settings import Settings
from seppcheck.settings import file as settings_file
from seppcheck.settings.references import check_secrets
from seppcheck.settings.schema import json_schema
from seppcheck.settings.sections import WaiverSection

_MOST_DOMAINS = 20


@click.group("config", cls=Commands, help="Check the configuration, or print the JSON Schema of it.")
def command() -> None:
    """Group the two."""


@command.command("schema", help="Print the JSON Schema of seppcheck.toml.")
def schema() -> int:
    """Print it; ASCII, so that no console's encoding can damage it."""
    click.echo(json.dumps(json_schema(), indent=2))
    return PASSED


@command.command("check", help="Read the configuration, its files and secrets, and tell what was understood.")
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    default=settings_file.DEFAULT,
    show_default=True,
    metavar="FILE",
    help="The configuration.",
)
@click.option(
    "--plugins", "folders", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="More plugins."
)
@click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale.")
@click.pass_obj
def check(context: Context, file: Path, folders: tuple[Path, ...], lang: str | None) -> int:
    """Tell what was understood; whatever is wrong is a UserError."""
    del lang  # read before parsing, for every message
    settings = settings_file.load(file)
    settings_file.check_names(settings, plugins.load(folders, sources=False).checks)
    check_secrets(settings)
    _check_record(settings, context.clock())
    click.echo(context.say(text("{file} is in order.", file=file)))
    today = context.clock().date()
    lines = [
        (context.say(label), context.say(text("{value}", value=value))) for label, value in _understood(settings, today)
    ]
    width = max(len(label) for label, _ in lines)
    for label, value in lines:
        click.echo(f"  {label:{width}}  {value}")
    return PASSED


def _check_record(settings: Settings, now: datetime) -> None:
    from seppcheck.record.reading import of_settings  # noqa: PLC0415  # its certificates need OpenSSL; `schema` does not

    of_settings(settings, now)


def _understood(settings: Settings, today: date) -> Iterator[tuple[Message, Text]]:
    """Yield what is configured, and what is not and what follows from that."""
    yield from _gateway(settings)
    yield text("Domains"), _domains(settings)
    yield text("Gateway record"), settings.gateway.record or _not_configured()
    yield text("Gateway REST API"), settings.gateway.api.url if settings.gateway.api else _not_configured()
    yield text("Exchange Online"), _exchange(settings)
    yield text("Mail samples"), ", ".join(settings.mail.samples) or _not_configured()
    yield text("Resolvers"), ", ".join(settings.dns.resolvers) or text("this system's")
    yield text("History"), settings.run.history
    for section in settings.notify:
        told = text(
            "{kind}, URL in {reference}: {changes}", kind=section.kind, reference=section.url, changes=section.on
        )
        yield text("Notified"), told
    yield from (
        (text("Left out"), text("{check}: {reason}", check=s.check, reason=s.reason)) for s in settings.run.skip
    )
    yield from ((text("Waiver"), _waiver(waiver, today)) for waiver in settings.waivers)


def _waiver(waiver: WaiverSection, today: date) -> Message:
    told = text(
        "{check} for {target} until {until} ({owner})",
        check=waiver.check,
        target=text("every target") if waiver.target == "*" else waiver.target,
        until=waiver.until,
        owner=waiver.owner,
    )
    return text("{waiver}: expired, it waives nothing any more", waiver=told) if waiver.until < today else told


def _gateway(settings: Settings) -> Iterator[tuple[Message, Text]]:
    gateway = settings.site.gateway
    yield text("Gateway"), text("{name}, SMTP port {port}", name=gateway.name, port=gateway.smtp_port)
    for node in gateway.nodes:
        addresses = (
            text("{addresses}", addresses=node.addresses) if node.addresses else text("what DNS says of its name")
        )
        yield text("Addresses"), text("{name}: {addresses}", name=node.name, addresses=addresses)


def _domains(settings: Settings) -> Message:
    names = [domain.name for domain in settings.domains]
    more = len(names) - _MOST_DOMAINS
    if more > 0:
        return text("{names} and {count} more", names=names[:_MOST_DOMAINS], count=more)
    return text("{names}", names=names)


def _exchange(settings: Settings) -> Text:
    exchange = settings.exchange
    if exchange and exchange.export:
        return text("the export in {folder}", folder=exchange.export)
    if exchange and exchange.client_id:
        return text("live, tenant {tenant}", tenant=exchange.tenant)
    return _not_configured()


def _not_configured() -> Message:
    return text("not configured; what only this can tell stays inconclusive")
