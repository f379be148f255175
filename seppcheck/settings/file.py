"""Settings from a file, from the command line alone, or out of a bundle. Faults name file, line and key."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from seppcheck import files, names
from seppcheck.errors import InvalidValueError, UserError
from seppcheck.exchange.export_files import DamagedError
from seppcheck.exchange.export_info import read_info
from seppcheck.model.text import Message, text
from seppcheck.settings.document import Document, Settings
from seppcheck.settings.sections import DomainSection, ExchangeSection, GatewaySection
from seppcheck.toml_files.document import collected, located, validated
from seppcheck.toml_files.faults import Fault, KeyPath, SettingsError, nearest, show_key
from seppcheck.toml_files.lines import TomlLines, key_lines
from seppcheck.toml_files.words import faults_of

DEFAULT = Path("seppcheck.toml")
RECORD = "gateway-record.toml"
_LARGEST = 8_000_000


def load(
    path: Path, domains: Sequence[str] = (), gateway: str | None = None, *, record_to_come: bool = False
) -> Settings:
    """Read a configuration.

    Args:
        path: the file; its relative paths start from its folder.
        domains: DOMAINs of the command line; they are the list where the file names none.
        gateway: `--gateway`, which overrides name and addresses of the file.
        record_to_come: whether the gateway record that it names may be missing, since it is about to be written.

    Raises:
        UserError: for a file that cannot be read as TOML.
        SettingsError: for everything that is wrong in it, each with its line and key.
    """
    content = _read(path)
    document = validated(path, content, Document, {"folder": path.parent, "record_to_come": record_to_come})
    folder = path.parent
    section = document.gateway
    if section.record is None and (folder / RECORD).is_file():
        section = section.model_copy(update={"record": RECORD})
    exchange = _named(document.exchange, folder)
    settings = Settings(**{**dict(document), "gateway": section, "exchange": exchange}, folder=folder, file=path)
    if gateway is not None:
        settings = with_gateway(settings, gateway)
    if domains and not settings.domains:
        settings = settings.model_copy(update={"domains": _sections(domains)})
    missing = _missing(settings)
    if missing:
        raise SettingsError([located(path, key_lines(content), fault) for fault in missing])
    return settings


def _named(exchange: ExchangeSection | None, folder: Path) -> ExchangeSection | None:
    """Name the tenant as its export does, where the configuration does not; the source says what is wrong with it."""
    if exchange is None or exchange.tenant or not exchange.export:
        return exchange
    try:
        info = read_info(folder / exchange.export)
        return exchange.model_copy(update={"tenant": names.a_label(info.tenant)}) if info else exchange
    except (DamagedError, InvalidValueError):
        return exchange


def from_arguments(domains: Sequence[str], gateway: str | None) -> Settings:
    """Make settings of the command line alone.

    Raises:
        UserError: for a name that is none, and where a DOMAIN or `--gateway` is missing.
    """
    if not domains or not gateway:
        raise UserError("give at least one DOMAIN and --gateway NAME, or write seppcheck.toml with `seppcheck init`")
    return with_gateway(Settings(domains=_sections(domains)), gateway)


def with_gateway(settings: Settings, name: str) -> Settings:
    """Return settings in which `--gateway` stands for name, addresses and nodes of the configuration.

    Raises:
        UserError: when it is no host name.
    """
    host = _argument("--gateway", names.a_label, name)
    gateway = settings.gateway.model_copy(update={"name": host, "addresses": (), "nodes": ()})
    return settings.model_copy(update={"gateway": gateway})


def choose_domains(settings: Settings, arguments: Iterable[str]) -> tuple[str, ...]:
    """Return the domains that DOMAIN arguments choose, all of them where there are none.

    Raises:
        UserError: for a DOMAIN that is not in the list; the nearest is named.
    """
    known = [domain.name for domain in settings.domains]
    chosen = [_argument("DOMAIN", names.a_label, argument) for argument in arguments]
    for name in chosen:
        if name not in known:
            raise UserError(
                "{domain} is not among the configured domains; {hint}",
                domain=name,
                hint=_hint(name, known),
            )
    return tuple(name for name in known if name in chosen or not chosen)


def from_public(content: object, origin: str = "the bundle") -> Settings:
    """Make settings of what `Settings.public()` gave.

    Args:
        content: a JSON value; bundles can be edited by hand.
        origin: the bundle's name in messages.

    Raises:
        SettingsError: naming every key that is wrong.
    """
    try:
        document = Document.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise collected([_in_bundle(origin, fault) for fault in faults_of(error, Document)]) from None
    except (TypeError, ValueError, RecursionError):
        raise UserError("{bundle}: its settings are damaged", bundle=origin) from None
    settings = Settings(**dict(document))
    missing = _missing(settings)
    if missing:
        raise collected([_in_bundle(origin, fault) for fault in missing])
    return settings


def check_names(settings: Settings, known: Collection[str]) -> None:
    """Refuse waivers and skips of checks that there are not; `known` are the ids of all checks.

    Raises:
        SettingsError: naming each, with its line and the nearest id.
    """
    given: list[tuple[KeyPath, str]] = [
        *((("run", "skip", n, "check"), skip.check) for n, skip in enumerate(settings.run.skip)),
        *((("waivers", n, "check"), waiver.check) for n, waiver in enumerate(settings.waivers)),
    ]
    faults = [
        Fault(key, text("there is no check {check}; {hint}", check=check, hint=_hint(check, known)))
        for key, check in given
        if check not in known
    ]
    if faults:
        raise complaint(settings, faults)


def complaint(settings: Settings, faults: Iterable[Fault]) -> SettingsError:
    """Return an error that tells faults in settings that were read before, with the lines of their file."""
    lines = key_lines(_read(settings.file)) if settings.file else TomlLines()
    return collected([located(settings.file, lines, fault) for fault in faults])


def _hint(word: str, known: Collection[str]) -> Message:
    close = nearest(word, known)
    return text("did you mean {name}?", name=close) if close else text("there are {names}", names=sorted(known))


def _argument(option: str, read: names.Reader, value: str) -> str:
    try:
        return read(value)
    except InvalidValueError as error:
        raise UserError("{option}: {problem}", option=option, problem=error.message) from None


def _sections(domains: Iterable[str]) -> tuple[DomainSection, ...]:
    unique = dict.fromkeys(_argument("DOMAIN", names.a_label, domain) for domain in domains)
    return tuple(DomainSection(name=name) for name in unique)


def _missing(settings: Settings) -> list[Fault]:
    """Return what no run can do without."""
    faults = []
    gateway: GatewaySection = settings.gateway
    if not gateway.name and not gateway.nodes:
        hint = text("is missing; write the gateway's full host name here, or give --gateway NAME")
        faults.append(Fault(("gateway", "name"), hint))
    if not settings.domains:
        hint = text("no domain is listed; write [[domains]] with a name for each, or give DOMAIN")
        faults.append(Fault(("domains",), hint))
    return faults


def _read(path: Path) -> str:
    try:
        if path.is_dir():
            raise UserError("{file} is a folder; --config names the file in it", file=path)
        if not path.exists():
            raise UserError(
                "there is no {file}; write one with `seppcheck init`, or give at least one DOMAIN and --gateway NAME",
                file=path,
            )
    except OSError as error:  # a folder on the way that may not be entered, a name that is too long
        raise UserError("{file} cannot be read: {problem}", file=path, problem=error.strerror) from error
    return files.read_text(path, _LARGEST)


def _in_bundle(origin: str, fault: Fault) -> Message:
    key = show_key(fault.key)
    return text("{bundle}: settings: {key}: {problem}", bundle=origin, key=key, problem=fault.message)
