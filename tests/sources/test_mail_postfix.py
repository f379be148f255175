"""Messages that real Postfix instances handed to one another, and what the checks make of them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.gateway_mta import gateway_delivers_by_itself
from checks.gateway_smarthost import outgoing_mail_goes_out_directly
from checks.mail_route import samples_travelled_inline
from checks.smtp_helo import gateway_introduces_itself_by_its_ptr_name
from seppcheck.api import (
    Finding,
    Gateway,
    GatewayAddresses,
    Hop,
    MailSample,
    MailSamples,
    NodeAddresses,
    Now,
    Phase,
    Reason,
    Result,
    Site,
    Smarthost,
    Unavailable,
    text,
)
from seppcheck.sources.mail import sample_of
from seppcheck.sources.received import Own
from tests.checks.evidence import host
from tests.checks.gateway_facts import DOMAIN, SEEN
from tests.peers import mail_chain
from tests.peers.mail_chain import GATEWAY, NAMES, RECEIVER, SMARTHOST

GATEWAY_NAME = NAMES[GATEWAY]
OUTGOING = b"From: Ann <ann@example.org>\r\nTo: bob@receiver.example\r\nSubject: Offer\r\nX-SM-outgoing: yes\r\n"
SENT_ON = OUTGOING + b"X-SM-smarthost: [relay.provider.example]\r\n"
FORGED = (
    f"Received: from {GATEWAY_NAME} (unknown [{GATEWAY}]) by {NAMES[RECEIVER]} (Postfix) with ESMTP;"
    " Tue, 24 Nov 2026 09:00:00 +0100\r\n"
).encode("ascii")
BODY = b"\r\nAs discussed.\r\n"
OWN = Own((GATEWAY_NAME,), (GATEWAY,))
ADDRESSES = GatewayAddresses((NodeAddresses(GATEWAY_NAME, (GATEWAY,), True, host()),))
GATEWAY_TARGET = Gateway(GATEWAY_NAME)
SITE = Site(GATEWAY_TARGET, (DOMAIN,))
UNKNOWN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))

Deliver = Callable[[bytes], MailSample]


@pytest.fixture(scope="module")
def inbox() -> Iterator[Path]:
    # Not pytest's folder: the receiver delivers as a user without rights and must still get there.
    folder = Path(tempfile.mkdtemp(prefix="seppcheck-inbox-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def delivering(chain: mail_chain.Chain, folder: Path) -> Deliver:
    def deliver(headers: bytes) -> MailSample:
        sample = sample_of(chain.send(headers + BODY, folder), [NAMES[RECEIVER]], OWN)
        assert sample is not None
        return sample

    return deliver


@pytest.fixture(scope="module")
def direct(inbox: Path) -> Iterator[Deliver]:
    with mail_chain.running(inbox / "direct") as chain:
        yield delivering(chain, inbox)


@pytest.fixture(scope="module")
def misnamed(inbox: Path) -> Iterator[Deliver]:
    with mail_chain.running(inbox / "misnamed", helo="gw.internal.example") as chain:
        yield delivering(chain, inbox)


@pytest.fixture(scope="module")
def by_smarthost(inbox: Path) -> Iterator[Deliver]:
    with mail_chain.running(inbox / "by-smarthost", smarthost=True) as chain:
        yield delivering(chain, inbox)


def outcomes(result: Result) -> list[str]:
    findings = [result] if isinstance(result, Finding) else list(result)
    return [finding.outcome.value for finding in findings]


def verdicts(sample: MailSample) -> dict[str, list[str]]:
    samples, now = MailSamples((sample,)), Now(datetime.now(UTC))
    mta = gateway_delivers_by_itself(GATEWAY_TARGET, UNKNOWN, samples, ADDRESSES, SITE, Phase.VERIFICATION, now)
    helo = gateway_introduces_itself_by_its_ptr_name(GATEWAY_TARGET, ADDRESSES, samples, UNKNOWN, now)
    smarthost = outgoing_mail_goes_out_directly(DOMAIN, Smarthost("", SEEN), samples, now)
    return {
        "smtp-helo": outcomes(helo),
        "gateway-mta": outcomes(mta),
        "gateway-smarthost": outcomes(smarthost),
        "mail-route": outcomes(samples_travelled_inline(GATEWAY_TARGET, samples, ADDRESSES, now)),
    }


def handover(sample: MailSample) -> Hop:
    assert sample.handover is not None
    return sample.handover


RIGHT = {
    "smtp-helo": ["passed"],
    "gateway-mta": ["passed"],
    "gateway-smarthost": ["passed"],
    "mail-route": ["passed"],
}


def test_a_gateway_that_delivers_itself_is_confirmed(direct: Deliver) -> None:
    sample = direct(OUTGOING)

    hop = handover(sample)
    assert (hop.by, hop.helo, hop.peer, hop.peer_name) == (NAMES[RECEIVER], GATEWAY_NAME, GATEWAY, "")
    assert [each.by for each in sample.hops] == [NAMES[RECEIVER], GATEWAY_NAME]
    assert verdicts(sample) == RIGHT


def test_a_forged_line_in_a_real_message_changes_nothing(direct: Deliver, by_smarthost: Deliver) -> None:
    assert verdicts(direct(FORGED.replace(GATEWAY_NAME.encode(), b"liar.example") + OUTGOING)) == RIGHT
    assert handover(by_smarthost(FORGED + OUTGOING)).peer == SMARTHOST


def test_a_gateway_that_says_another_name_is_found(misnamed: Deliver) -> None:
    sample = misnamed(OUTGOING)

    assert handover(sample).helo == "gw.internal.example"
    assert verdicts(sample) == {**RIGHT, "smtp-helo": ["failed"]}


def test_a_smarthost_between_is_found(by_smarthost: Deliver) -> None:
    sample = by_smarthost(SENT_ON)

    assert (handover(sample).peer, len(sample.hops)) == (SMARTHOST, 3)
    assert verdicts(sample) == {
        "smtp-helo": ["inconclusive"],
        "gateway-mta": ["failed"],
        "gateway-smarthost": ["failed", "warned"],
        "mail-route": ["warned"],
    }


def test_a_smarthost_that_the_gateway_does_not_tell_of_confirms_nothing(by_smarthost: Deliver) -> None:
    assert verdicts(by_smarthost(OUTGOING)) == {
        "smtp-helo": ["inconclusive"],
        "gateway-mta": ["inconclusive"],
        "gateway-smarthost": ["passed"],
        "mail-route": ["warned"],
    }
