"""permissions.md: what each check has to reach, what that takes at least, and what apply needs besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from seppcheck.clients.gateway import CUSTOMERS, MANAGED_DOMAINS
from seppcheck.exchange.cmdlets import QUERIES
from seppcheck.guide import load_guide
from seppcheck.model.changes import ChangeKind
from seppcheck.model.checks import Check
from seppcheck.model.targets import Tenant
from seppcheck.model.text import Message, text
from seppcheck.planning.exchange_commands import cmdlets_of
from seppcheck.planning.exchange_images import Noun
from seppcheck.plugins import Registry, bundled, load
from tools.reference import permission_words as words
from tools.reference.access import Access, accesses, cmdlets
from tools.reference.checks import in_order
from tools.reference.speaking import Speaker, code, codes, joined


def page(say: Speaker) -> str:
    """Return the page."""
    return joined(_lines(say))


def _lines(say: Speaker) -> Iterator[str]:
    registry = load()
    checks = in_order(registry, load_guide(bundled("checks")))
    yield f"# {say(text('Permissions'))}"
    yield ""
    yield from _paragraphs(say, words.INTRODUCTION)
    parts = (
        (text("The ways out, one by one"), _ways),
        (text("Which check needs what"), _matrix),
        (text("Exchange Online: to look"), _looking),
        (text("Exchange Online: to change"), _changing),
        (text("The gateway's REST API"), _rest),
        (text("DNS updates"), _updates),
    )
    for title, part in parts:
        yield from (f"## {say(title)}", "", *part(say, checks, registry), "")


Part = Callable[[Speaker, list[Check], Registry], Iterator[str]]


def _paragraphs(say: Speaker, messages: tuple[Message, ...]) -> Iterator[str]:
    for message in messages:
        yield from (say(message), "")


def _ways(say: Speaker, checks: list[Check], registry: Registry) -> Iterator[str]:
    head = (text("access"), text("what it is"), text("how little is enough"), text("checks"))
    users = {access: sum(access in accesses(check, registry) for check in checks) for access in Access}
    rows = (
        [say(access.name_of_it), say(way.what), say(way.least), str(users[access])]
        for access, way in words.WAYS.items()
    )
    yield from say.table(head, rows)
    yield from _paragraphs(say, (words.WEBHOOKS, words.WITHOUT))


def _matrix(say: Speaker, checks: list[Check], registry: Registry) -> Iterator[str]:
    yield from _paragraphs(say, (words.SIGNS,))
    rows = []
    for check in checks:
        found = accesses(check, registry)
        signs = [found[access].value if access in found else "" for access in Access]
        rows.append([f"[{code(check.id)}](reference/checks.md#{check.id})", *signs])
    yield from say.table([text("check"), *(access.name_of_it for access in Access)], rows)


def _looking(say: Speaker, checks: list[Check], registry: Registry) -> Iterator[str]:
    yield from _paragraphs(say, words.LOOKING)
    called = dict.fromkeys(query.cmdlet for queries in QUERIES.values() for query in queries)
    rows = (
        [code(cmdlet), codes(check.id for check in checks if cmdlet in cmdlets(check, registry))] for cmdlet in called
    )
    yield from say.table([text("cmdlet"), text("checks that rest on it")], rows)
    yield from _sources(say)


def _sources(say: Speaker) -> Iterator[str]:
    yield f"{say(text('Sources'))}:"
    yield ""
    yield from (f"- [{say(title)}]({address})" for title, address in words.SOURCES)
    yield ""


def _changing(say: Speaker, checks: list[Check], registry: Registry) -> Iterator[str]:
    yield from _paragraphs(say, words.CHANGING)
    rows = (
        [code(noun.value), codes(name for name in cmdlets_of(noun) if not name.startswith("Get-"))] for noun in Noun
    )
    yield from say.table([text("object"), text("cmdlets that change it")], rows)
    yield say(text("Asked for by the remediations of: {checks}", checks=_mended(checks, registry, tenant=True)))


def _rest(say: Speaker, checks: list[Check], registry: Registry) -> Iterator[str]:
    yield from _paragraphs(say, words.REST)
    yield from (f"- {code(f'GET {path}')}" for path in (MANAGED_DOMAINS, CUSTOMERS, f"{CUSTOMERS}/NAME"))
    yield ""
    resting = [check.id for check in checks if Access.REST in accesses(check, registry)]
    yield say(text("Checks that rest on it: {checks}", checks=resting))


def _updates(say: Speaker, checks: list[Check], registry: Registry) -> Iterator[str]:
    yield from _paragraphs(say, words.UPDATES)
    yield say(text("Asked for by the remediations of: {checks}", checks=_mended(checks, registry, tenant=False)))
    yield ""
    yield from (say(words.UPDATE_POLICY), "", "```text", words.BIND_EXAMPLE, "```")


def _mended(checks: list[Check], registry: Registry, *, tenant: bool) -> list[str]:
    """Return the checks that are mended by program, in the tenant or in DNS."""
    automatic = {key for key, each in registry.remediations.items() if each.kind is ChangeKind.AUTOMATIC}
    return [check.id for check in checks if check.id in automatic and (check.target is Tenant) is tenant]
