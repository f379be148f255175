from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.api import Gateway, Hop, MailSamples, Reason, Session, Unavailable, text
from seppcheck.settings import Settings
from seppcheck.sources.mail import mail_samples, sample_of
from seppcheck.sources.received import Own, believed, hop_of

MICROSOFT = ("*.protection.outlook.com", "*.prod.outlook.com")
DATE = "Tue, 24 Nov 2026 09:00:00 +0100"
AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
POSTFIX = (
    "from secure.example.org (secure.example.org [192.0.2.25])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 "
    "(256/256 bits)\n\tkey-exchange X25519) (No client certificate requested)\n\tby mx.receiver.example (Postfix) "
    f"with ESMTPS id 4F2\n\tfor <a@receiver.example>; {DATE}"
)
UNKNOWN = (
    f"from FRA21.internal.example (unknown [IPv6:2001:db8::25]) by mx.receiver.example (Postfix) with ESMTP; {DATE}"
)
EDGE = (
    "from secure.example.org (192.0.2.25) by AM5EUR02FT008.mail.protection.outlook.com (10.152.8.1) with "
    f"Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.1 via Frontend Transport; {DATE}"
)
INSIDE = (
    "from a.eurprd01.prod.outlook.com (10.1.2.4) by b.eurprd01.prod.outlook.com (10.1.2.3) with Microsoft SMTP "
    f"Server id 15; {DATE}"
)


def test_postfix_names_helo_reverse_name_and_address() -> None:
    expected = Hop("mx.receiver.example", "secure.example.org", "192.0.2.25", "secure.example.org", edge=False, at=AT)

    assert hop_of(POSTFIX) == expected


def test_an_address_without_a_name_has_none() -> None:
    hop = hop_of(UNKNOWN)

    assert (hop.helo, hop.peer, hop.peer_name) == ("fra21.internal.example", "2001:db8::25", "")


def test_exchange_online_names_helo_and_address_and_its_edge() -> None:
    hop = hop_of(EDGE)

    assert (hop.helo, hop.peer, hop.edge) == ("secure.example.org", "192.0.2.25", True)
    assert hop.by == "am5eur02ft008.mail.protection.outlook.com"


@given(st.text(max_size=300))
def test_any_line_is_read_without_complaint(line: str) -> None:
    assert hop_of(line).by == hop_of(line).by.lower()


def trusted(*lines: str) -> int:
    return believed([hop_of(line) for line in lines], MICROSOFT)


def test_only_lines_of_trusted_hosts_count() -> None:
    assert trusted(EDGE, POSTFIX) == 1
    assert trusted(POSTFIX, EDGE) == 0
    assert trusted() == 0


def test_a_forged_line_below_the_first_handover_proves_nothing() -> None:
    forged = EDGE.replace("secure.example.org", "anything.example").replace("192.0.2.25", "192.0.2.26")

    assert trusted(EDGE, forged) == 1


def test_a_helo_that_names_a_trusted_host_does_not_make_the_sender_one() -> None:
    liar = EDGE.replace("secure.example.org", "x.prod.outlook.com").replace("192.0.2.25", "8.8.4.4")
    liar = liar.replace(" via Frontend Transport", "")

    assert trusted(liar, EDGE) == 1


def test_hops_inside_a_trusted_receiver_are_followed() -> None:
    assert trusted(INSIDE, EDGE, POSTFIX) == 2


LOOPED = (
    f"from secure.example.org (unknown [127.0.0.25]) by mx.receiver.example (Postfix) with ESMTP; {DATE}",
    f"from localhost (localhost [127.0.0.1]) by mx.receiver.example (Postfix) with ESMTP; {DATE}",
    EDGE.replace("AM5EUR02FT008.mail.protection.outlook.com", "mx.receiver.example"),
)


@pytest.mark.parametrize(
    ("lines", "addresses", "expected"),
    [
        (LOOPED, ("127.0.0.25",), 1),
        (LOOPED, ("192.0.2.25",), 3),
        (LOOPED[1:], ("127.0.0.25",), 2),
        (LOOPED[1:], ("127.0.0.1",), 1),
        ([line.replace("by mx.receiver.example", "by gw-1.example.org") for line in LOOPED[1:]], ("127.0.0.1",), 2),
    ],
)
def test_a_loopback_address_of_the_gateway_hands_over_to_others_and_not_to_itself(
    lines: tuple[str, ...], addresses: tuple[str, ...], expected: int
) -> None:
    receivers = ("mx.receiver.example", "gw-1.example.org")
    own = Own(("secure.example.org", "gw-1.example.org"), addresses)

    assert believed([hop_of(line) for line in lines], receivers, own) == expected


def test_a_gateway_that_is_trusted_too_still_hands_over() -> None:
    own = Own(("secure.example.org",), ("192.0.2.25",))

    assert believed([hop_of(POSTFIX)] * 2, ("mx.receiver.example", "secure.example.org"), own) == 1


def session(folder: Path, *samples: str) -> Session:
    settings = Settings.model_validate({"mail": {"samples": samples}, "folder": folder})
    return Session(settings, lambda: AT, 60)


GATEWAY = Gateway("secure.example.org")
UNRESOLVED = Unavailable(Reason.TIMEOUT, text("the name server did not answer"))


async def test_messages_are_found_by_pattern_and_what_is_none_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    head = f"Received: {EDGE}\r\nFrom: Ann <ann@Example.org>\r\nX-SM-outgoing: yes\r\nSubject: secret\r\n\r\nbody\r\n"
    (folder / "one.eml").write_bytes(head.encode("ascii"))
    (folder / "two.eml").write_bytes(b"\x00\xff no message")

    found = await mail_samples(GATEWAY, UNRESOLVED, session(tmp_path, "samples/*.eml"))

    assert isinstance(found, MailSamples)
    (sample,) = found.samples
    assert (sample.file, sample.sender_domain, sample.outgoing, sample.at) == ("one.eml", "example.org", True, AT)
    assert found.unreadable == ("two.eml",)
    assert "secret" not in repr(found)


@pytest.mark.parametrize(("samples", "reason"), [((), Reason.NOT_CONFIGURED), (("*.eml",), Reason.NOT_COLLECTED)])
async def test_no_samples_are_told_by_their_reason(tmp_path: Path, samples: tuple[str, ...], reason: Reason) -> None:
    found = await mail_samples(GATEWAY, UNRESOLVED, session(tmp_path, *samples))

    assert isinstance(found, Unavailable)
    assert found.reason is reason


@given(st.binary(max_size=500))
def test_any_file_is_a_message_or_none(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("mail") / "any.eml"
    path.write_bytes(content)

    found = sample_of(path, MICROSOFT)

    assert found is None or found.believed <= len(found.hops)
