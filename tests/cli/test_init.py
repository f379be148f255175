"""`seppcheck init`, with a real BIND to ask and a real terminal to answer at."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from seppcheck.settings import Settings
from seppcheck.settings.file import load
from tests.cli.conftest import Call
from tests.peers.bind import bind, free_port

SERVER = "127.0.0.1"
_SOA = "$TTL 300\n@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60\n@ NS ns.test.\n"
ZONES = {
    "test": f"""{_SOA}
ns A {SERVER}
gw A 198.51.100.25
gw AAAA 2001:db8::25
moved MX 10 gw
moved TXT "v=spf1 a:gw.test -all"
parallel MX 0 parallel-test.mail.protection.outlook.com.
parallel TXT "v=spf1 include:spf.protection.outlook.com -all"
selector1._domainkey.parallel CNAME selector1-parallel-test._domainkey.contoso.onmicrosoft.com.
evil MX 10 a\\027[2Jb.test.
evil TXT "v=spf1 \\027[31m<script>"
""",
    "onmicrosoft.com": f'{_SOA}selector1-parallel-test._domainkey.contoso TXT "v=DKIM1; p="\n',
    "100.51.198.in-addr.arpa": f"{_SOA}25 PTR gw.test.\n26 PTR a.test.\n26 PTR b.test.\n",
}


@dataclass(frozen=True)
class Resolver:
    port: int

    @property
    def options(self) -> tuple[str, ...]:
        return ("--resolver", SERVER, "--resolver-port", str(self.port), "--lang", "en")


@pytest.fixture(scope="module")
def dns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resolver]:
    port = free_port((SERVER,))
    with bind(tmp_path_factory.mktemp("bind"), [SERVER], port, ZONES):
        yield Resolver(port)


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the test's own, and no terminal at standard input."""
    monkeypatch.chdir(tmp_path)
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        yield tmp_path


def written() -> Settings:
    return load(Path("seppcheck.toml"))


def test_what_dns_says_is_shown_and_written(call: Call, dns: Resolver) -> None:
    answer = call("init", "parallel.test", "--gateway", "gw.test", *dns.options)

    assert answer.code == 0
    for expected in (
        "parallel-test.mail.protection.outlook.com (Microsoft)",
        "v=spf1 include:spf.protection.outlook.com -all",
        "198.51.100.25: gw.test",
        "2001:db8::25",
        "contoso.onmicrosoft.com",
    ):
        assert expected in answer.out
    found = written()
    assert found.gateway.name == "gw.test"
    assert found.gateway.addresses == ("198.51.100.25", "2001:db8::25")
    assert found.site.tenant.name == "contoso.onmicrosoft.com"
    assert (found.dns.resolvers, found.dns.port) == ((SERVER,), dns.port)


def test_what_is_written_passes_config_check(call: Call, dns: Resolver) -> None:
    call("init", "parallel.test", "--gateway", "gw.test", *dns.options)

    assert call("config", "check").code == 0


def test_an_address_stands_for_the_name_that_it_resolves_back_to(call: Call, dns: Resolver) -> None:
    assert call("init", "parallel.test", "--gateway", "198.51.100.25", *dns.options).code == 0
    assert written().gateway.name == "gw.test"


def test_an_address_of_several_names_is_refused(call: Call, dns: Resolver) -> None:
    answer = call("init", "parallel.test", "--gateway", "198.51.100.26", *dns.options)

    assert answer.code == 2
    assert "give --gateway NAME" in answer.err
    assert not Path("seppcheck.toml").exists()


def test_without_a_terminal_a_likely_gateway_is_named_and_not_assumed(call: Call, dns: Resolver) -> None:
    answer = call("init", "moved.test", *dns.options)

    assert answer.code == 2
    assert "give --gateway gw.test, or --yes" in answer.err


def test_yes_takes_the_likely_gateway(call: Call, dns: Resolver) -> None:
    assert call("init", "moved.test", "--yes", *dns.options).code == 0
    assert written().gateway.name == "gw.test"


def test_yes_cannot_take_what_nothing_suggests(call: Call, dns: Resolver) -> None:
    answer = call("init", "parallel.test", "--yes", *dns.options)

    assert answer.code == 2
    assert "DNS suggests none; give --gateway NAME" in answer.err


def test_without_a_terminal_domains_must_be_given(call: Call) -> None:
    answer = call("init", "--lang", "en")

    assert answer.code == 2
    assert "Give at least one DOMAIN" in answer.err


def test_without_network_what_was_given_is_written(call: Call) -> None:
    options = ("--resolver", SERVER, "--resolver-port", str(free_port((SERVER,))), "--lang", "en")
    answer = call("init", "example.org", "--gateway", "secure.example.org", *options)

    assert answer.code == 0
    assert "could not be looked up" in answer.out
    assert written().gateway.addresses == ()


def test_hostile_records_are_shown_and_not_obeyed(call: Call, dns: Resolver) -> None:
    answer = call("init", "evil.test", "--gateway", "gw.test", *dns.options)

    assert answer.code == 0
    assert "\x1b" not in answer.out + answer.err
    assert "\x1b" not in Path("seppcheck.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("dangling", [False, True], ids=["a file", "a dangling link"])
def test_what_is_there_is_never_overwritten(call: Call, dangling: bool) -> None:
    file = Path("seppcheck.toml")
    if dangling:
        file.symlink_to("nowhere")
    else:
        file.write_text("mine", encoding="utf-8")
    answer = call("init", "example.org", "--gateway", "secure.example.org", "--yes", "--lang", "en")

    assert answer.code == 2
    assert "seppcheck.toml is there already and is not overwritten" in answer.err
    assert file.is_symlink() if dangling else file.read_text(encoding="utf-8") == "mine"
    assert not Path("nowhere").exists()


def test_another_file_can_be_written_and_the_next_step_names_it(
    call: Call, dns: Resolver, working_folder: Path
) -> None:
    answer = call("init", "parallel.test", "--gateway", "gw.test", "--config", "other.toml", *dns.options)

    assert answer.code == 0
    assert "seppcheck readiness --config other.toml" in answer.out
    assert [path.name for path in working_folder.iterdir()] == ["other.toml"]


def test_a_folder_that_is_not_there_is_told(call: Call, dns: Resolver) -> None:
    answer = call("init", "parallel.test", "--gateway", "gw.test", "--config", "no/x.toml", *dns.options)

    assert answer.code == 2
    assert "cannot be written" in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["user@example.org", "--gateway", "a.b"], "DOMAIN: user@example.org is a mail address"),
        (["example.org", "--gateway", "a_b.org"], "--gateway: a_b.org has an underscore"),
        (["example.org", "--gateway", "a.b", "--resolver", "dns.example"], "--resolver: dns.example is not an IPv4"),
        (["example.org", "--resolver-port", "0"], "--resolver-port"),
    ],
)
def test_arguments_that_cannot_be_are_refused_before_anything_is_asked(
    call: Call, arguments: list[str], words: str
) -> None:
    answer = call("init", *arguments, "--lang", "en")

    assert answer.code == 2
    assert words in answer.err


def test_comments_are_german_where_german_is_wanted(call: Call, dns: Resolver) -> None:
    call("init", "parallel.test", "--gateway", "gw.test", *dns.options[:-1], "de")
    text = Path("seppcheck.toml").read_text(encoding="utf-8")

    assert "# Die " in text
    assert written().gateway.name == "gw.test"


def at_a_terminal(answers: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it with a terminal as standard input, and type the answers."""
    master, terminal = pty.openpty()
    try:
        os.write(master, answers.encode())
        return subprocess.run(
            [sys.executable, "-m", "seppcheck", "init", *arguments],
            stdin=terminal,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            check=False,
            timeout=60,
        )
    finally:
        os.close(master)
        os.close(terminal)


def test_at_a_terminal_everything_is_asked_with_what_was_found_as_default(dns: Resolver) -> None:
    done = at_a_terminal("\nno name\nmoved.test parallel.test\n\n\n\ny\n", *dns.options)

    assert done.returncode == 0, done.stderr
    assert "no name" not in done.stdout
    assert "[gw.test]" in done.stderr
    assert "Write seppcheck.toml?" in done.stderr
    found = written()
    assert [domain.name for domain in found.domains] == ["moved.test", "parallel.test"]
    assert found.gateway.name == "gw.test"
    assert found.gateway.addresses == ("198.51.100.25", "2001:db8::25")
    assert found.site.tenant.name == "contoso.onmicrosoft.com"


def test_at_a_terminal_answers_replace_what_was_found(dns: Resolver) -> None:
    done = at_a_terminal("bad name\nother.test\n192.0.2.300\n192.0.2.1\n-\n\n", "moved.test", *dns.options)

    assert done.returncode == 0, done.stderr
    assert "192.0.2.300 is not an IPv4 or IPv6 address" in done.stderr
    found = written()
    assert (found.gateway.name, found.gateway.addresses) == ("other.test", ("192.0.2.1",))
    assert found.exchange is None


def test_at_a_terminal_a_german_reader_is_asked_for_and_may_answer_j_or_n(dns: Resolver) -> None:
    done = at_a_terminal("\n\n\nvielleicht\nj\n", "moved.test", "--lang", "de", *dns.options)

    assert done.returncode == 0, done.stderr
    assert "seppcheck.toml schreiben? (j/n) [j]" in done.stderr
    assert "Antworten Sie mit j oder n" in done.stderr
    assert Path("seppcheck.toml").exists()


def test_at_a_terminal_no_is_no(dns: Resolver) -> None:
    done = at_a_terminal("\n\n\nn\n", "moved.test", *dns.options)

    assert done.returncode == 3
    assert "nothing was written" in done.stderr
    assert not Path("seppcheck.toml").exists()
