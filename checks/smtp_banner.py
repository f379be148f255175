"""The greeting of the gateway on port 25."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seppcheck.api import (
    ALL,
    BannerSetting,
    Failed,
    Finding,
    Gateway,
    GatewayAddresses,
    Greeting,
    Inconclusive,
    Passed,
    Reason,
    Result,
    Severity,
    SmtpGreeting,
    Unavailable,
    Warned,
    check,
    host_name,
    no_dialogue,
    text,
    unasked,
)

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")


@check("smtp-banner", requirements=["P4"], severity=Severity.HIGH, phases=ALL)
def greeting_names_the_gateway(
    gateway: Gateway,
    greeting: SmtpGreeting,
    addresses: GatewayAddresses | Unavailable,
    setting: BannerSetting | Unavailable,
) -> Result:
    """The gateway greets with its PTR name.

    From the moment the MX record points to the gateway, the whole world sees its SMTP greeting. Servers and
    spam filters compare the name in it with the PTR record of the address. A factory name or an internal one
    costs trust, and often mail.

    The guide (P4, chapter Vorarbeiten) wants the PTR name as SMTP server banner string. The name is the first
    word behind the code of the last 220 line. Case and a dot at the end do not matter. In a cluster each node
    is held against its own name.

    If an earlier 220- line begins with the name of another host, this is a warning: mail works, but some
    other system, or a banner that was forgotten, speaks there as well.

    What the gateway record says of the banner is only held against what was heard: where they differ, the greeting
    decides, and a warning asks to correct the record.

    To mend:
    - On the gateway: Mail System > SMTP Settings > SMTP server banner string: enter the PTR name, such as
      secure.example.org, as the first word. Then Save.
    - If another program answers (a firewall's SMTP inspection, a load balancer), switch its greeting off or
      give it the gateway's name.

    Sources:
    - The guide, P4: Vorarbeiten, SMTP server banner string
    - RFC 5321 section 4.3.1: the 220 greeting begins with the host's own name
    - RFC 5321 section 4.2.1: replies of several lines
    """
    judged = [_judge(each).but(observed_alone=True) for each in greeting.greetings]
    silent = unasked(gateway, (each.node for each in greeting.greetings), addresses)
    return [*judged, *silent, *_written_otherwise(greeting, setting)]


def _judge(greeting: Greeting) -> Finding:
    if greeting.fault is not None:
        return no_dialogue(greeting.fault, greeting.address)
    if not greeting.lines:
        return Inconclusive(
            "{address} was not heard to greet; run again",
            reason=Reason.MALFORMED,
            address=greeting.address,
            subject=greeting.address,
        )
    word = _first_word(greeting.lines[-1])
    if not word:
        return Failed(
            "{address} greets without a name; it should say {node}",
            address=greeting.address,
            node=greeting.node,
            subject=greeting.address,
            expected=greeting.node,
            observed=text("a greeting without a word"),
        )
    if host_name(word) != host_name(greeting.node):
        return Failed(
            "{address} greets as {word}, not as {node}",
            address=greeting.address,
            word=word,
            node=greeting.node,
            subject=greeting.address,
            expected=greeting.node,
            observed=word,
        )
    return _early_lines(greeting, word)


def _early_lines(greeting: Greeting, word: str) -> Finding:
    early = (host_name(_first_word(line)) for line in greeting.lines[:-1])
    other = next((name for name in early if _HOST.fullmatch(name) and name != host_name(greeting.node)), None)
    if other is not None:
        return Warned(
            "{address} greets as {word}, but an earlier line of its greeting names another host, {other}",
            address=greeting.address,
            word=word,
            other=other,
            subject=greeting.address,
            expected=greeting.node,
            observed=text("{other}, then {word}", other=other, word=word),
        )
    return Passed(
        "{address} greets as {word}",
        address=greeting.address,
        word=word,
        subject=greeting.address,
        expected=greeting.node,
        observed=word,
    )


def _written_otherwise(greeting: SmtpGreeting, setting: BannerSetting | Unavailable) -> Iterator[Finding]:
    """Yield a warning where the record names another host than every greeting that was heard."""
    words = [word for each in greeting.greetings if each.lines and (word := _first_word(each.lines[-1]))]
    if isinstance(setting, Unavailable) or not words:
        return
    written = _first_word(setting.banner)
    if host_name(written) not in map(host_name, words):
        yield Warned(
            "the gateway record says that the banner is {banner} ({by}, {at}), but the gateway greets as {words}: what "
            "was heard counts; correct the record",
            banner=setting.banner or "-",
            by=setting.voice.by,
            at=setting.voice.at,
            words=words,
            subject=setting.kind,
            expected=", ".join(words),
            observed=setting.banner,
        )


def _first_word(line: str) -> str:
    return next(iter(line.split()), "")
