"""Part 3, the way mail takes: a drawing, and the same in words."""

from __future__ import annotations

from itertools import pairwise

from seppcheck.model.text import text
from seppcheck.reports.encoders import Html, element, join, visible
from seppcheck.reports.html_page import Page
from seppcheck.reports.route import STATE_OUTCOMES, STATE_WORDS, Leg, Route, addresses_of, route_of
from seppcheck.reports.words import SYMBOLS

_WIDTH, _HEIGHT = 960, 164
_BOX, _TALL, _TOP = 168, 96, 12
_LEFT = (8, 268, 528, 784)
"""Where the four stations begin: Internet, MX record, gateway, Exchange Online."""
_IN, _OUT = _TOP + 28, _TOP + _TALL - 20
"""The heights of the two directions."""
_NAME = 22
"""Characters of a name that fit a station."""


def way_of_mail(page: Page) -> Html:
    """Return the section; every leg has a number that drawing and list share."""
    route = route_of(page.run)
    drawing = element("div", _drawing(page, route), class_="wide drawing", tabindex="0", role="group")
    legs = (_words(page, leg) for leg in route.legs)
    return page.section("route", text("The way mail takes"), drawing, element("ol", *legs, class_="legs"))


def _words(page: Page, leg: Leg) -> Html:
    facts = "; ".join(page.say(fact) for fact in leg.facts)
    badge = page.badge(STATE_OUTCOMES[leg.state], STATE_WORDS[leg.state])
    return element(
        "li",
        element("b", page.say(leg.title)),
        element("br"),
        badge,
        element("br"),
        element("span", facts, class_="about"),
    )


def _drawing(page: Page, route: Route) -> Html:
    described = "; ".join(
        f"{number}. {page.say(leg.title)}: {page.say(STATE_WORDS[leg.state])}"
        for number, leg in enumerate(route.legs, 1)
    )
    site = page.run.site
    hosts = route.hosts[0] if route.hosts else page.say(text("not known"))
    more = f" +{len(route.hosts) - 1}" if len(route.hosts) > 1 else ""
    addresses = ", ".join(addresses_of(page.run))
    stations = (
        (page.say(text("Internet")), "", ""),
        (page.say(text("MX record")), hosts, more),
        (page.say(text("Gateway")), site.gateway.name, addresses),
        ("Exchange Online", site.tenant.name, ""),
    )
    return element(
        "svg",
        element("title", page.say(text("The way mail takes")), id="route-name"),
        element("desc", described, id="route-words"),
        _arrowheads(),
        *(_station(left, *words) for left, words in zip(_LEFT, stations, strict=True)),
        *_legs(page, route),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_labelledby="route-name route-words",
    )


def _arrowheads() -> Html:
    """Return one arrowhead for each state: a marker does not take the colour of its line everywhere."""
    return element(
        "defs",
        *(
            element(
                "marker",
                element("path", d="M0 0 10 5 0 10z"),
                id=f"head-{state}",
                class_=f"head {state}",
                viewBox="0 0 10 10",
                refX=9,
                refY=5,
                markerWidth=7,
                markerHeight=7,
                orient="auto",
            )
            for state in STATE_WORDS
        ),
    )


def _station(left: int, kind: str, name: str, more: str) -> Html:
    middle = left + _BOX // 2
    return element(
        "g",
        element("title", " ".join(filter(None, (kind, name, more)))),
        element("rect", x=left, y=_TOP, width=_BOX, height=_TALL, rx=10),
        element("text", kind, x=middle, y=_TOP + 34, class_="kind"),
        element("text", _cut(name), x=middle, y=_TOP + 58, class_="name"),
        element("text", _cut(more), x=middle, y=_TOP + 77, class_="more"),
        class_="station",
    )


def _cut(name: str) -> str:
    shown = visible(name)
    return shown if len(shown) <= _NAME else f"{shown[: _NAME - 1]}…"


def _legs(page: Page, route: Route) -> tuple[Html, ...]:
    """Return the arrows: three that go in, and two that go out, the last one below the MX record."""
    ends = [(left + _BOX, right) for left, right in pairwise(_LEFT)]
    inbound = [f"M{start + 4} {_IN}H{end - 4}" for start, end in ends]
    below = _TOP + _TALL + 30
    back = f"M{_LEFT[2] + _BOX // 2} {_TOP + _TALL}V{below}H{_LEFT[0] + _BOX // 2}V{_TOP + _TALL + 5}"
    outbound = [f"M{_LEFT[3] - 4} {_OUT}H{_LEFT[2] + _BOX + 4}", back]
    marks = [((start + end) // 2, _IN) for start, end in ends]
    marks += [((_LEFT[2] + _BOX + _LEFT[3]) // 2, _OUT), (_LEFT[1] + _BOX // 2, below)]
    paths = zip(route.legs, inbound + outbound, marks, strict=True)
    return tuple(_leg(page, number, *each) for number, each in enumerate(paths, 1))


def _leg(page: Page, number: int, leg: Leg, path: str, mark: tuple[int, int]) -> Html:
    across, down = mark
    sign = SYMBOLS[STATE_OUTCOMES[leg.state]]
    word = page.say(STATE_WORDS[leg.state])
    return element(
        "g",
        element("title", f"{number}. {page.say(leg.title)}: {word}"),
        element("path", d=path, class_="line", marker_end=f"url(#head-{leg.state})"),
        element("circle", cx=across, cy=down, r=14),
        element("text", join(str(number), sign), x=across, y=down + 4, class_="number"),
        class_=f"leg {leg.state}",
    )
