from __future__ import annotations

from seppcheck.model.accepted import AcceptedDomainMx, AcceptedMx
from seppcheck.model.dns import DnsStatus
from tests.checks.evidence import MICROSOFT, answer, no

FOUND = AcceptedDomainMx(
    (
        AcceptedMx("example.org", answer("10 secure.example.org.")),
        AcceptedMx("example.net", answer(f"0 {MICROSOFT}.")),
        AcceptedMx("example.com", answer("10 mx.example.com.", f"20 {MICROSOFT.upper()}.")),
        AcceptedMx("a.example", no(DnsStatus.TIMEOUT)),
        AcceptedMx("b.example", answer()),
        AcceptedMx("example.onmicrosoft.com", answer(f"0 {MICROSOFT}.")),
        AcceptedMx("example.mail.onmicrosoft.com", no(DnsStatus.SERVFAIL)),
    )
)


def test_the_domains_at_microsoft_are_those_of_which_a_host_is_there_but_not_the_tenant_s_own() -> None:
    assert FOUND.at_microsoft == ("example.net", "example.com")


def test_a_domain_without_mx_was_answered_and_one_that_timed_out_was_not() -> None:
    assert FOUND.unanswered == ("a.example",)
