"""`seppcheck init`: write seppcheck.toml by discovery and questions."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from seppcheck import names
from seppcheck.cli import INCONCLUSIVE, PASSED, Context
from seppcheck.cli.init_discovery import Discovery
from seppcheck.cli.init_findings import findings
from seppcheck.cli.yes_no import letter, read_yes_no, with_choices
from seppcheck.discovery import FoundDomain, FoundGateway, likely_gateway, likely_tenant
from seppcheck.errors import InvalidValueError, UserError
from seppcheck.locale import translator
from seppcheck.model.text import Message, text
from seppcheck.settings import file as settings_file
from seppcheck.settings.template import Start, settings_text


@dataclass(frozen=True, slots=True)
class _Person:
    """Who is asked: somebody at a terminal, or nobody. Questions go to standard error."""

    context: Context
    there: bool

    def asked(self, question: Message, default: str, read: names.Reader) -> str:
        """Ask until the answer is valid; an empty one only where that is the default."""
        while True:
            answer: str = click.prompt(
                self.context.say(question), default=default, show_default=bool(default), err=True
            ).strip()
            try:
                return read(answer)
            except InvalidValueError as error:
                click.echo(self.context.say(error.message), err=True)

    def agrees(self, question: Message) -> bool:
        """Ask for a yes or a no; an empty answer is a yes."""
        yes = self.context.say(letter(True))
        return read_yes_no(self.asked(with_choices(question), yes, _yes_or_no))


@click.command("init", help="Write seppcheck.toml by discovery and questions. An existing file is never overwritten.")
@click.argument("domains", nargs=-1, metavar="[DOMAIN]...")
@click.option("--gateway", metavar="NAME", help="The gateway's name, or an address that resolves back to it.")
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    default=settings_file.DEFAULT,
    show_default=True,
    metavar="FILE",
    help="The file to write.",
)
@click.option(
    "--resolver", "resolvers", multiple=True, metavar="ADDRESS", help="Ask this resolver, now and in later runs."
)
@click.option("--resolver-port", type=click.IntRange(1, 65535), default=53, show_default=True, help="The port of it.")
@click.option("--yes", is_flag=True, help="Ask nothing: take what was given and found.")
@click.option("--lang", type=click.Choice(["en", "de"]), help="Language, of the file's comments too.")
@click.pass_obj
def command(
    context: Context,
    domains: tuple[str, ...],
    gateway: str | None,
    file: Path,
    resolvers: tuple[str, ...],
    resolver_port: int,
    yes: bool,
    lang: str | None,
) -> int:
    """Find out, show, ask, write."""
    del lang  # read before parsing, for every message
    if os.path.lexists(file):
        raise _exists(file)
    person = _Person(context, not yes and sys.stdin.isatty())
    dns = Discovery(tuple(_valid("--resolver", names.ip_address, r) for r in resolvers), resolver_port)
    chosen = _domains(person, domains)
    click.echo(context.say(text("asking DNS ...")), err=True)
    found = dns.domains(chosen)
    at = dns.gateway(*_gateway(person, dns, gateway, found, yes))
    click.echo("\n".join(findings(context, found, at)))
    start = _start(person, dns, found, at)
    if person.there and not person.agrees(text("Write {file}?", file=file)):
        click.echo(context.say(text("nothing was written")), err=True)
        return INCONCLUSIVE
    _write(file, settings_text(start, translator(context.language)))
    click.echo(context.say(_written(file)))
    return PASSED


def _written(file: Path) -> Message:
    if file == settings_file.DEFAULT:
        return text("{file} is written. Next: seppcheck readiness", file=file)
    return text("{file} is written. Next: seppcheck readiness --config {file}", file=file)


def _domains(person: _Person, given: tuple[str, ...]) -> tuple[str, ...]:
    if not given and not person.there:
        raise UserError("which domains move? Give at least one DOMAIN")
    if not given:
        question = text("Domains that move, separated by spaces")
        given = tuple(person.asked(question, "", _names).split())
    return tuple(dict.fromkeys(_valid("DOMAIN", names.a_label, domain) for domain in given))


def _gateway(
    person: _Person, dns: Discovery, given: str | None, found: tuple[FoundDomain, ...], yes: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the gateway's name, and the address that was given instead of it."""
    addresses: tuple[str, ...] = ()
    if given:
        try:
            addresses = (names.ip_address(given),)
        except InvalidValueError:
            return _valid("--gateway", names.a_label, given), ()
    known = dns.names_of(addresses[0]) if addresses else (likely_gateway(found),)
    likely = known[0] if len(known) == 1 else ""
    if person.there:
        return person.asked(text("Name of the gateway (its PTR, banner and MX name)"), likely, names.a_label), addresses
    if addresses and not likely:
        raise UserError("{address} resolves back to no single name; give --gateway NAME", address=addresses[0])
    if likely and (yes or addresses):
        return likely, addresses
    if likely:
        raise UserError("which gateway? MX records name {name}: give --gateway {name}, or --yes", name=likely)
    raise UserError("which gateway? DNS suggests none; give --gateway NAME")


def _start(person: _Person, dns: Discovery, found: tuple[FoundDomain, ...], gateway: FoundGateway) -> Start:
    addresses, tenant = gateway.addresses, likely_tenant(found)
    if person.there:
        question = text("Public addresses of the gateway, separated by spaces (- for what DNS says)")
        addresses = tuple(person.asked(question, " ".join(addresses) or "-", _addresses).split())
        question = text("Initial domain of the Microsoft 365 tenant (- if unknown)")
        tenant = person.asked(question, tenant or "-", lambda answer: "" if answer == "-" else names.a_label(answer))
    return Start(gateway.name, addresses, tuple(d.name for d in found), tenant, dns.resolvers, dns.port)


def _yes_or_no(answer: str) -> str:
    read_yes_no(answer)
    return answer


def _names(answer: str) -> str:
    return " ".join(map(names.a_label, answer.split() or [""]))


def _addresses(answer: str) -> str:
    return "" if answer == "-" else " ".join(map(names.ip_address, answer.split()))


def _valid(option: str, read: names.Reader, value: str) -> str:
    try:
        return read(value)
    except InvalidValueError as error:
        raise UserError("{option}: {problem}", option=option, problem=error.message) from None


def _exists(file: Path) -> UserError:
    return UserError(
        "{file} is there already and is not overwritten; remove it or name another with --config", file=file
    )


def _write(file: Path, content: str) -> None:
    """Write a new file whole or not at all; one that came into being meanwhile stays as it is.

    Raises:
        UserError: naming the file and what is wrong.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        try:
            with draft.open("x", encoding="utf-8", newline="\n") as new:
                new.write(content)
            _place(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        raise _exists(file) from None
    except OSError as error:
        raise UserError("{path} cannot be written: {problem}", path=file, problem=error.strerror or error) from error


def _place(draft: Path, file: Path) -> None:
    """Give the draft its name; unlike a rename, a hard link never replaces what is there."""
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a file system or platform without hard links
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(draft.read_text(encoding="utf-8"))
