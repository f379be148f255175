"""The way mail takes as inline SVG: stations beside each other, one lane for each direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seppcheck.model.text import text
from seppcheck.reports.encoders import Html, element, visible
from seppcheck.reports.html_page import Page
from seppcheck.reports.route import STATE_OUTCOMES, STATE_WORDS, Detour, Leg, LegState, Route, Thing
from seppcheck.reports.route_evidence import addresses_of
from seppcheck.reports.words import SYMBOLS

_WIDTH = 1128
_INTERNET, _MX, _GATEWAY, _EXCHANGE = (8, 108), (224, 370), (486, 656), (976, 1120)
"""Where each station begins and ends."""
_LANE, _BASE = 140, 54
"""The height of a lane, and how far down its line lies: names stand above and below it."""
_SHORT, _LONG = 14, 43
"""Characters that fit the space between two stations, and that between gateway and Exchange Online."""
_BREAKS = (" ", ".-")
"""Behind which characters a name is broken, the best first."""
_CROSSED = (LegState.BROKEN, LegState.LEFTOVER)


@dataclass(frozen=True, slots=True)
class _Lane:
    """One arrow: from where to where, and at which height."""

    start: int
    end: int
    down: int

    @property
    def middle(self) -> int:
        """Where the leg's number stands."""
        return (self.start + self.end) // 2

    @property
    def ahead(self) -> int:
        """Return 1 for an arrow to the right, -1 for one to the left."""
        return 1 if self.end > self.start else -1

    @property
    def path(self) -> str:
        """The line, a little apart from the stations."""
        return f"M{self.start + 4 * self.ahead} {self.down}H{self.end - 5 * self.ahead}"


def drawing(page: Page, route: Route) -> Html:
    """Return the drawing; its description says the state of every leg for those who do not see it."""
    top = 46 if route.detour else 10
    lanes = list(_lanes(route, top))
    bottom = top + _LANE * (2 + len(route.parallel))
    described = "; ".join(_sentence(page, number, leg) for number, leg in enumerate(route.legs, 1))
    return element(
        "svg",
        element("title", page.say(text("The way mail takes")), id="route-name"),
        element("desc", described, id="route-words"),
        _arrowheads(),
        *_stations(page, route, top, bottom),
        _past(page, route, route.detour, top) if route.detour else None,
        *(_leg(page, number, leg, lane) for number, (leg, lane) in enumerate(zip(route.legs, lanes, strict=True), 1)),
        viewBox=f"0 0 {_WIDTH} {bottom + 10}",
        role="img",
        aria_labelledby="route-name route-words",
    )


def _sentence(page: Page, number: int, leg: Leg) -> str:
    extent = f" ({page.say(leg.extent)})" if leg.extent else ""
    things = ", ".join(f"{page.say(thing.kind)} {_named(thing)}" for thing in leg.things)
    through = f": {things}" if things else ""
    return f"{number}. {page.say(leg.title)}: {page.say(STATE_WORDS[leg.state])}{extent}{through}"


def _lanes(route: Route, top: int) -> Iterator[_Lane]:
    """Yield a lane for each leg, in the order of the legs."""
    inward, outward = top + _BASE, top + _LANE + _BASE
    yield _Lane(_INTERNET[1], _MX[0], inward)
    yield _Lane(_MX[1], _GATEWAY[0], inward)
    yield _Lane(_GATEWAY[1], _EXCHANGE[0], inward)
    yield _Lane(_EXCHANGE[0], _GATEWAY[1], outward)
    yield _Lane(_GATEWAY[0], _INTERNET[1], outward)
    for place, left in enumerate(route.parallel, 1):
        ends = (_GATEWAY[1], _EXCHANGE[0]) if left.inward else (_EXCHANGE[0], _GATEWAY[1])
        yield _Lane(*ends, outward + place * _LANE)


def _arrowheads() -> Html:
    """Return one arrowhead for each state: a marker does not take the colour of its line everywhere."""
    return element(
        "defs",
        *(
            element(
                "marker",
                element("path", d="M0 0 10 5 0 10z"),
                id=f"head-{state}",
                class_=f"head {_paint(state)}",
                viewBox="0 0 10 10",
                refX=9,
                refY=5,
                markerUnits="userSpaceOnUse",
                markerWidth=17,
                markerHeight=17,
                orient="auto",
            )
            for state in STATE_WORDS
        ),
    )


def _paint(state: LegState) -> str:
    """Return the classes of a state: its colour is that of the sign's outcome."""
    return f"{STATE_OUTCOMES[state]} is-{state}"


def _stations(page: Page, route: Route, top: int, bottom: int) -> Iterator[Html]:
    site, hosts = page.run.site, route.hosts
    shown = [hosts[0] if hosts else page.say(text("not known")), *([f"+{len(hosts) - 1}"] if len(hosts) > 1 else [])]
    held = page.say(route.held)
    yield _station(_INTERNET, top, top + 2 * _LANE, page.say(text("Internet")), [])
    yield _station(_MX, top, top + _LANE - 26, page.say(text("MX record")), shown)
    yield _station(
        _GATEWAY, top, bottom, page.say(text("Gateway")), [site.gateway.name, *addresses_of(page.run)[:2]], held
    )
    yield _station(_EXCHANGE, top, bottom, "Exchange Online", [site.tenant.name])


def _station(ends: tuple[int, int], top: int, bottom: int, kind: str, names: list[str], held: str = "") -> Html:
    left, right = ends
    middle, width = (left + right) // 2, (right - left) // 7
    lines = [line for name in names if name for line in _wrapped(name, width, 2)]
    warning = _wrapped(held, width, 3)
    down = top + 28
    return element(
        "g",
        element("title", " ".join(filter(None, (kind, *names, held)))),
        element("rect", x=left, y=top, width=right - left, height=bottom - top, rx=10),
        element("text", kind, x=middle, y=down, class_="kind"),
        *_text(lines, middle, down + 20, "name"),
        *_text(warning, middle, down + 30 + 16 * len(lines), "hold"),
        class_="station",
    )


def _text(lines: list[str], across: int, down: int, kind: str) -> Iterator[Html]:
    for place, line in enumerate(lines):
        yield element("text", line, x=across, y=down + 16 * place, class_=kind)


def _wrapped(name: str, width: int, most: int) -> list[str]:
    """Break a name into some lines, where possible behind a blank, dot or hyphen; what does not fit is cut."""
    lines: list[str] = []
    rest = visible(name, limit=200)
    while rest and len(lines) < most:
        cut = len(rest)
        if cut > width:
            places = (max(rest.rfind(sign, width // 3, width) + 1 for sign in signs) for signs in _BREAKS)
            cut = next(filter(None, places), width)
        lines.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    if rest:
        lines[-1] = f"{lines[-1][: width - 1]}…"
    return lines


def _past(page: Page, route: Route, detour: Detour, top: int) -> Html:
    """Draw the way past the gateway: from the MX record over it to Exchange Online."""
    start, end, across = sum(_MX) // 2, sum(_EXCHANGE) // 2, sum(_GATEWAY) // 2
    leg = route.inbound[1]
    words = text("past the gateway: {host}", host=detour.hosts[0])
    if len(page.run.site.domains) > 1:
        words = text(
            "past the gateway, {count} of {all} domains: {host}",
            host=detour.hosts[0],
            count=detour.domains,
            all=len(page.run.site.domains),
        )
    more = f" +{len(detour.hosts) - 1}" if len(detour.hosts) > 1 else ""
    line = f"M{start} {top - 4}V26H{end}V{top - 5}"
    return element(
        "g",
        element("title", page.say(words) + more),
        element("path", d=line, class_="line", marker_end=f"url(#head-{leg.state})"),
        *_text([f"{_wrapped(page.say(words), 90, 1)[0]}{more}"], across + 110, 17, "name"),
        class_=f"leg {_paint(leg.state)}",
    )


def _leg(page: Page, number: int, leg: Leg, lane: _Lane) -> Html:
    sign = SYMBOLS[STATE_OUTCOMES[leg.state]]
    return element(
        "g",
        element("title", _sentence(page, number, leg)),
        element("path", d=lane.path, class_="line", marker_end=f"url(#head-{leg.state})"),
        *_obstacles(leg, lane),
        element("circle", cx=lane.middle, cy=lane.down, r=14),
        element("text", f"{number}{sign}", x=lane.middle, y=lane.down + 4, class_="number"),
        *_text(_state(page, leg, lane), lane.middle, lane.down + 29, "word"),
        *_through(page, leg.things, lane),
        class_=f"leg {_paint(leg.state)}",
    )


def _state(page: Page, leg: Leg, lane: _Lane) -> list[str]:
    """Return the state's word and of how many domains it is true, in one line where there is room."""
    words = [page.say(STATE_WORDS[leg.state]), page.say(leg.extent)]
    if abs(lane.end - lane.start) > _MX[0]:
        return [f"{words[0]} ({words[1]})" if words[1] else words[0]]
    return [line for word in words if word for line in _wrapped(word, _SHORT, 2)]


def _obstacles(leg: Leg, lane: _Lane) -> Iterator[Html]:
    """Yield a cross on what is broken or should be gone, and two bars where the gateway holds back."""
    if leg.state in _CROSSED:
        across = lane.middle + 30 * lane.ahead
        yield element(
            "path", d=f"M{across - 7} {lane.down - 7}l14 14M{across - 7} {lane.down + 7}l14 -14", class_="cross"
        )
    if leg.held:
        across = lane.start + 12 * lane.ahead
        yield element("path", d=f"M{across - 4} {lane.down - 12}v24M{across + 4} {lane.down - 12}v24", class_="cross")


def _through(page: Page, things: tuple[Thing, ...], lane: _Lane) -> Iterator[Html]:
    """Yield what the leg leads through: the first thing above the line, the others below it."""
    below = lane.down + 45
    for place, thing in enumerate(things):
        lines = _wrapped(f"{page.say(thing.kind)}: {_named(thing)}", _LONG, 2)
        yield from _text(lines, lane.middle, below if place else lane.down - 7 - 16 * len(lines), "name")
        below += 16 * len(lines) if place else 0


def _named(thing: Thing) -> str:
    more = f" +{len(thing.names) - 1}" if len(thing.names) > 1 else ""
    return f"{visible(thing.names[0], limit=200)}{more}"
