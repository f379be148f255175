from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import dns.query
import dns.rdatatype
import dns.xfr
import dns.zone
import pytest

from seppcheck.model.changes import ChangeKind, DnsImage
from seppcheck.model.plans import MigrationPlan
from seppcheck.reports.plan_nsupdate import to_nsupdate
from tests.peers.bind import Writing, bind, free_port
from tests.reports.hostile import hostile_plan
from tests.reports.plans import NEW_MX, OLD_MX, SPF, by_hand, change, cutover_plan, plan_of

KEY, SECRET = "seppcheck.", base64.b64encode(b"a secret of thirty-two octets ...").decode()
ZONE = """$TTL 3600
@ SOA ns1.example.org. hostmaster.example.org. 1 3600 600 86400 60
@ NS ns1.example.org.
ns1 A 127.0.0.1
@ 300 MX 0 Example-Org.mail.protection.Outlook.com.
@ 3600 TXT "google-site-verification=abc"
@ 3600 TXT "v=spf1 include:x.example " "-all"
www A 192.0.2.80
"""
NAMED_HERE = "; server 192.0.2.1"


@dataclass(frozen=True)
class Server:
    """A real BIND that takes signed updates of example.org, and is asked with the real nsupdate."""

    port: int
    key: Path

    def send(self, script: str) -> subprocess.CompletedProcess[str]:
        """Feed nsupdate with a script in which this server was named where the script says so."""
        assert script.count(NAMED_HERE) == 1
        script = script.replace(NAMED_HERE, f"server 127.0.0.1 {self.port}")
        command = ["nsupdate", "-t", "2", "-r", "0", "-k", str(self.key)]
        return subprocess.run(command, input=script, capture_output=True, encoding="utf-8", check=False, timeout=30)

    def records(self) -> set[str]:
        """Everything that the zone holds but its SOA (AXFR)."""
        zone = dns.zone.Zone("example.org", relativize=False)
        query, _ = dns.xfr.make_query(zone)
        dns.query.inbound_xfr("127.0.0.1", zone, query, port=self.port, timeout=5)
        return {
            f"{name} {ttl} {rdata.rdtype.name} {rdata}"
            for name, ttl, rdata in zone.iterate_rdatas()
            if rdata.rdtype != dns.rdatatype.SOA
        }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    port, key = free_port(), tmp_path / "update.key"
    key.write_text(f'key "{KEY}" {{ algorithm hmac-sha256; secret "{SECRET}"; }};\n')
    with bind(
        tmp_path / "named",
        ("127.0.0.1",),
        port,
        {"example.org": ZONE},
        options="allow-transfer { any; };",
        writing=Writing({KEY: ("hmac-sha256", SECRET)}, {"example.org": f'allow-update {{ key "{KEY}"; }};'}),
    ):
        yield Server(port, key)


LOW_TTL = change("1", SPF, replace(SPF, ttl=300))
MOVED = change("2", OLD_MX, NEW_MX)


def test_the_rrsets_are_replaced_and_the_rest_of_the_zone_stays(server: Server) -> None:
    before = server.records()
    done = server.send(to_nsupdate(plan_of(LOW_TTL, MOVED)))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    after = server.records()
    assert after - before == {
        'example.org. 300 TXT "google-site-verification=abc"',
        'example.org. 300 TXT "v=spf1 include:x.example " "-all"',
        "example.org. 300 MX 10 secure.example.org.",
    }
    assert len(after) == len(before)


def test_it_stops_before_a_change_that_needs_what_others_do_and_goes_on_once_the_line_is_out(server: Server) -> None:
    script = to_nsupdate(cutover_plan())
    assert "; Take the next line out once these steps are done: 2-8\nquit\n" in script
    server.send(script)
    assert any(" TXT " in record and " 300 " in record for record in server.records())
    assert "example.org. 300 MX 0 Example-Org.mail.protection.Outlook.com." in server.records()
    done = server.send(script.replace("\nquit\n", "\n"))
    assert done.returncode == 0
    assert "example.org. 300 MX 10 secure.example.org." in server.records()


def test_a_zone_that_was_changed_in_between_is_left_alone(server: Server) -> None:
    other = replace(OLD_MX, values=("5 other.example.",))
    server.send(to_nsupdate(plan_of(change("1", OLD_MX, other))))
    before = server.records()
    done = server.send(to_nsupdate(plan_of(MOVED)))
    assert done.returncode != 0
    assert "NXRRSET" in done.stderr
    assert server.records() == before


def test_what_is_new_is_made_only_where_there_is_nothing(server: Server) -> None:
    image = DnsImage("_dmarc.example.org", "TXT", 600, ('"v=DMARC1; p=none"',))
    script = to_nsupdate(plan_of(change("1", None, image)))
    assert server.send(script).returncode == 0
    assert '_dmarc.example.org. 600 TXT "v=DMARC1; p=none"' in server.records()
    done = server.send(script)
    assert "YXRRSET" in done.stderr
    gone = to_nsupdate(plan_of(change("1", image, None)))
    assert server.send(gone).returncode == 0
    assert not [record for record in server.records() if record.startswith("_dmarc")]


def test_bytes_and_quotes_of_a_text_arrive_as_they_were(server: Server) -> None:
    value = r'"a \"quoted\" \\ text; with \195\188 and \000" "second"'
    server.send(to_nsupdate(plan_of(change("1", None, DnsImage("t.example.org", "TXT", 60, (value,))))))
    assert f"t.example.org. 60 TXT {value}" in server.records()


ESCAPES = (
    "\nupdate delete www.example.org. A\nsend\n",
    "\r\nupdate delete www.example.org. A\r\nsend\r\n",
    '"\nupdate delete www.example.org. A\nsend\n',
    "\x85update delete www.example.org. A\x85send",
    "\u2028update delete www.example.org. A\u2028send",
    "\\\nupdate delete www.example.org. A\nsend\n",
    "x" * 4090 + "\nupdate delete www.example.org. A\nsend\n",
    "\x00\nupdate delete www.example.org. A\nsend\n",
)


@pytest.mark.parametrize("escape", ESCAPES, ids=range(len(ESCAPES)))
def test_no_text_escapes_its_line(server: Server, escape: str) -> None:
    mx = replace(OLD_MX, values=(OLD_MX.values[0] + escape,))
    text = DnsImage("t.example.org", "TXT", 60, (f'"v{escape}"',))
    script = to_nsupdate(
        plan_of(
            by_hand("1", summary=f"Look{escape}", steps=(f"Enter:\nx{escape}", f"Save{escape}")),
            change("2", None, text),
            change("3", mx, replace(mx, name=f"example.org{escape}")),
            change("4", OLD_MX, mx, why=escape),
            change("5", SPF, replace(SPF, ttl=300)),
            notes=(escape,),
            gateway=f"g{escape}",
        )
    )
    assert not [line for line in script.splitlines() if line.startswith("update delete www")]
    server.send(script.replace("\nquit\n", "\n"))
    assert "www.example.org. 3600 A 192.0.2.80" in server.records()


def commands(script: str) -> list[str]:
    """Lines as nsupdate takes them: it knows the line feed alone."""
    return [line for line in script.split("\n") if line and not line.startswith(";")]


@pytest.mark.parametrize("canary", ["x", None, *ESCAPES[:3]])
def test_hostile_text_adds_no_command(canary: str | None) -> None:
    hostile = hostile_plan() if canary is None else hostile_plan(canary)
    written = to_nsupdate(hostile)
    verbs = [line.split()[:2] if line not in ("send", "quit") else [line] for line in commands(written)]
    harmless = [
        line.split()[:2] if line not in ("send", "quit") else [line] for line in commands(to_nsupdate(cutover_plan()))
    ]
    assert verbs == harmless
    assert all(line.isascii() and line.isprintable() for line in commands(written))
    assert all(len(line.encode("utf-8")) <= 4000 for line in written.split("\n"))
    assert "\n\n" not in written, "an empty line sends"


def test_lines_that_nsupdate_would_cut_are_left_to_apply() -> None:
    long = DnsImage("t.example.org", "TXT", 60, (" ".join(['"' + "x" * 255 + '"'] * 20),))
    script = to_nsupdate(plan_of(change("1", None, long)))
    assert commands(script) == []
    assert "too long for nsupdate" in script


def test_a_zone_of_the_providers_is_only_shown() -> None:
    pointer = DnsImage("25.113.0.203.in-addr.arpa", "PTR", 3600, ("secure.example.org.",))
    step = change("1", None, pointer, kind=ChangeKind.MANUAL, steps=("At the DNS provider, add it.",))
    script = to_nsupdate(plan_of(step, MOVED))
    assert "; update add 25.113.0.203.in-addr.arpa. 3600 PTR secure.example.org.\n" in script
    assert "quit" not in script
    assert commands(script)[0].startswith("prereq yxrrset example.org. MX")


def test_records_that_people_change_where_no_key_is_configured_are_written_out() -> None:
    script = to_nsupdate(plan_of(replace(MOVED, kind=ChangeKind.MANUAL)))
    assert "update add example.org. 300 MX 10 secure.example.org." in commands(script)


@pytest.mark.parametrize("plan", [plan_of(by_hand("1")), plan_of()])
def test_a_plan_without_dns_changes_says_so(plan: MigrationPlan) -> None:
    script = to_nsupdate(plan)
    assert commands(script) == []
    assert "; There is nothing in it that nsupdate could change.\n" in script
