"""seppcheck.toml as people write it, and what they are told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seppcheck.errors import UserError
from seppcheck.settings import Settings
from seppcheck.settings.file import (
    check_names,
    choose_domains,
    from_arguments,
    from_public,
    load,
    with_gateway,
)
from seppcheck.toml_files.faults import SettingsError

Write = Callable[[str | bytes], Path]

SOUND = """\
[gateway]
name = "secure.example.org"

[[domains]]
name = "example.org"
"""
API = """\
[gateway.api]
url = "https://secure.example.org:8445/v1"
token = "env:TOKEN"
secret = "env:SECRET"
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "seppcheck.toml"
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return to_file


def complaints(path: Path) -> list[str]:
    with pytest.raises(UserError) as error:
        load(path)
    return [str(message).replace(str(path), "FILE") for message in error.value.messages]


def test_the_least_that_a_file_must_say(write: Write) -> None:
    path = write(SOUND)
    found = load(path)
    assert found.site.gateway.names == ("secure.example.org",)
    assert [domain.name for domain in found.site.domains] == ["example.org"]
    assert (found.folder, found.file) == (path.parent, path)


def test_names_are_canonical_and_values_stripped(write: Write) -> None:
    found = load(
        write(
            '[gateway]\nname = " Secure.Example.ORG. "\naddresses = ["2001:DB8::0:1"]\n'
            '[[domains]]\nname = "MÜNCHEN.example"\ncustomer = " c "\n'
        )
    )
    assert found.gateway.name == "secure.example.org"
    assert found.gateway.addresses == ("2001:db8::1",)
    assert found.site.domains[0].name == "xn--mnchen-3ya.example"
    assert found.site.domains[0].customer == "c"


def test_a_byte_order_mark_and_windows_line_ends_are_fine(write: Write) -> None:
    assert load(write(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())).gateway.name == "secure.example.org"


def test_a_gateway_record_is_found_where_it_lies(write: Write, tmp_path: Path) -> None:
    assert load(write(SOUND)).gateway.record is None
    (tmp_path / "gateway-record.toml").touch()
    found = load(write(SOUND))
    assert found.gateway.record == "gateway-record.toml"
    assert found.path("gateway-record.toml") == tmp_path / "gateway-record.toml"


def test_the_names_of_a_cluster_are_those_of_its_nodes(write: Write) -> None:
    nodes = '[[gateway.nodes]]\nname = "a.example.org"\n[[gateway.nodes]]\nname = "b.example.org"\n'
    found = load(write(f'{nodes}[[domains]]\nname = "example.org"\n'))
    assert found.site.gateway.name == "a.example.org"
    assert found.site.gateway.names == ("a.example.org", "b.example.org")


def test_one_name_stands_for_a_list_of_names(write: Write) -> None:
    text = f'{SOUND}[exchange]\ntransport_rule = "one"\noutbound_connector = ["a", "b"]\n'
    found = load(write(text)).exchange
    assert found is not None
    assert (found.transport_rule, found.outbound_connector) == (("one",), ("a", "b"))


NODE = '[[gateway.nodes]]\nname = "a.example.org"\n'
WAIVER = '[[waivers]]\ncheck = "dns-ptr"\nreason = "r"\nowner = "o"\n'
BROKEN = {
    # what stands there: the line (of the whole file, whose first 5 are SOUND) and words of the complaint
    "unknown section": ("[gatewy]\n", 6, "gatewy: unknown key; did you mean gateway?"),
    "unknown key": ("[dns]\nresolver = []\n", 7, "dns.resolver: unknown key; did you mean resolvers?"),
    "key in the wrong place": ("[run]\ntrusted_receivers = []\n", 7, "it belongs to mail.trusted_receivers"),
    "section in the wrong place": ("[api]\n", 6, "it belongs to gateway.api"),
    "nothing alike": ("[smtp]\nxyzzy = 1\n", 7, "known here are timeout, ehlo_name"),
    "internal field": ("[dns]\n[folder]\n", 7, "folder: unknown key"),
    "unknown key in a list": (
        '[[domains]]\nname = "b.org"\n[[domains]]\nname = "c.org"\nselector = 1\n',
        10,
        "domains[3]",
    ),
    "text for a list": (
        '[dns]\nresolvers = "192.0.2.1"\n',
        7,
        "expected a list, each entry text in quotes, found text",
    ),
    "number for text": ("[smtp]\nehlo_name = 3\n", 7, "expected text in quotes, found a number"),
    "text for a number": ('[dns]\nport = "53"\n', 7, "expected a whole number, found text"),
    "fraction for a whole number": ("[dns]\nport = 53.5\n", 7, "expected a whole number, found a number"),
    "truth for a number": ("[dns]\ntimeout = true\n", 7, "expected a number, found true or false"),
    "number for a table": ("mail = 3\n", 6, "domains[1].mail"),
    "table for a list of tables": ('[waivers]\ncheck = "a"\n', 6, "expected a list, each entry a table, found a table"),
    "list for a table": ("[[run]]\n", 6, "run: expected a table, found a list"),
    "list of numbers": ("[dns]\nresolvers = [\n'192.0.2.1',\n53\n]\n", 9, "dns.resolvers[2]: expected text in quotes"),
    "port 0": ("[dns]\nport = 0\n", 7, "dns.port: must be at least 1"),
    "port too high": ("[dns]\nauthoritative_port = 65536\n", 7, "must be at most 65535"),
    "no time": ("[smtp]\ntimeout = 0\n", 7, "must be greater than 0"),
    "too much time": ("[run]\ndeadline = 1e9\n", 7, "must be at most 3600"),
    "not a number": ("[run]\ndeadline = nan\n", 7, "must be a number, not inf or nan"),
    "endless": ("[run]\ndeadline = inf\n", 7, "must be a number, not inf or nan"),
    "resolver by name": ('[dns]\nresolvers = ["dns.example.org"]\n', 7, "is not an IPv4 or IPv6 address"),
    "a domain twice": ('[[domains]]\nname = "example.org"\n', 7, "example.org is listed twice, first as domains[1]"),
    "a domain in two spellings": (
        '[[domains]]\nname = "münchen.example"\n[[domains]]\nname = "XN--MNCHEN-3YA.example."\n',
        9,
        "XN--MNCHEN-3YA.example. and münchen.example (domains[2]) are the same domain: xn--mnchen-3ya.example",
    ),
    "mail address": (
        '[[domains]]\nname = "user@example.org"\n',
        7,
        "domains[2].name: user@example.org is a mail address",
    ),
    "no name": ("[[domains]]\n", 6, "domains[2].name: is missing"),
    "unsound selector": ('[[domains]]\nname = "b.org"\ndkim_selector = "a b"\n', 8, "a b is not a DKIM selector"),
    "tenant": ('[exchange]\ntenant = "contoso"\n', 7, "contoso has no dot"),
    "cloud": ('[exchange]\ncloud = "azure"\n', 7, 'expected one of "commercial", "gcc-high", "dod", "china"'),
    "app without tenant": ('[exchange]\nclient_id = "a"\nclient_secret = "env:S"\n', 7, "tenant says which tenant"),
    "app without secret": ('[exchange]\ntenant = "a.b"\nclient_id = "a"\n', 8, "write certificate or client_secret"),
    "secret without app": ('[exchange]\nclient_secret = "env:S"\n', 7, "without client_id it is of no use"),
    "export that is not there": ('[exchange]\nexport = "nowhere"\n', 7, "there is no folder"),
    "certificate that is not there": (
        '[exchange]\ntenant = "a.b"\nclient_id = "a"\ncertificate = "file:app.pem"\n',
        9,
        "there is no file",
    ),
    "certificate as a path": ('[exchange]\ncertificate = "app.pem"\n', 7, "write file:PATH"),
    "endpoint in the clear": ('[exchange]\nendpoint = "http://127.0.0.1:8446"\n', 7, "http:// is refused"),
    "authority": ('[exchange]\nauthority = "login.example.org"\n', 7, "this is not a URL; write https://"),
    "update without a key": (
        '[[dns.update]]\nserver = "192.0.2.1"\nkey_name = "k"\n',
        6,
        "dns.update[1].secret: is missing",
    ),
    "update with a literal": (
        '[[dns.update]]\nserver = "192.0.2.1"\nkey_name = "k"\nsecret = "hunter2"\n',
        9,
        "a secret must not stand here",
    ),
    "update algorithm": (
        '[[dns.update]]\nserver = "ns.b.org"\nkey_name = "k"\nsecret = "env:S"\nalgorithm = "none"\n',
        10,
        "expected one of",
    ),
    "webhook": (
        '[[notify]]\nkind = "slack"\nurl = "https://hooks.example/hunter2"\n',
        8,
        "a secret must not stand here",
    ),
    "notify nothing": ('[[notify]]\nkind = "slack"\nurl = "env:U"\non = []\n', 9, "must not be empty"),
    "notify always": ('[[notify]]\nkind = "slack"\nurl = "env:U"\non = ["always"]\n', 9, 'one of "failed"'),
    "receivers of the world": ('[mail]\ntrusted_receivers = ["*"]\n', 7, "is not a pattern for host names"),
    "skip without reason": ('[run]\nskip = [{ check = "dns-ptr" }]\n', 7, "run.skip[1].reason: is missing"),
    "skip with an empty reason": ('[run]\nskip = [{ check = "a", reason = " " }]\n', 7, "must not be empty"),
    "waiver without end": (WAIVER, 6, "waivers[1].until: is missing"),
    "waiver with a time": (f"{WAIVER}until = 2026-12-31T00:00:00Z\n", 10, "expected a date alone"),
    "waiver with text": (
        f'{WAIVER}until = "2026-12-31"\n',
        10,
        "expected a date such as 2026-12-31, without quotes, found text",
    ),
    "waiver without owner": (
        WAIVER.replace('"o"', '""') + "until = 2026-12-31\n",
        9,
        "waivers[1].owner: must not be empty",
    ),
    "API without secret": (API.replace('secret = "env:SECRET"\n', ""), 6, "gateway.api.secret: is missing"),
    "API in the clear": (API.replace("https:", "http:"), 7, "gateway.api.url: http:// is refused"),
    "API with a password": (API.replace("https://", "https://me:hunter2@"), 7, "must not carry a user name"),
    "API with a bad port": (API.replace("8445", "hunter2"), 7, "this is not a URL"),
    "API with a literal token": (API.replace("env:TOKEN", "hunter2"), 8, "a secret must not stand here"),
    "API with a file that is not there": (API.replace("env:TOKEN", "file:token"), 8, "there is no file"),
    "API with a short fingerprint": (f'{API}fingerprint = "sha256:abc"\n', 10, "64 hexadecimal digits"),
    "API with a CA that is not there": (f'{API}ca_file = "ca.pem"\n', 10, "there is no file"),
}


@pytest.mark.parametrize(("text", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, words: str, write: Write) -> None:
    said = complaints(write(SOUND + text))
    assert len(said) == 1
    assert said[0].startswith(f"FILE, line {line}: ")
    assert words in said[0]
    assert "hunter2" not in said[0]


GATEWAYS = {
    "no name": ("[gateway]\n", 1, "gateway.name: is missing; write the gateway's full host name here"),
    "empty name": ('[gateway]\nname = ""\n', 2, "gateway.name: is missing"),
    "address as name": ('[gateway]\nname = "192.0.2.1"\n', 2, "is an address; write the name"),
    "network as address": ('[gateway]\nname = "a.b"\naddresses = ["192.0.2.0/24"]\n', 3, "is a network"),
    "record that is not there": ('[gateway]\nname = "a.b"\nrecord = "r.toml"\n', 3, "there is no file"),
    "root that is not there": ('[gateway]\nname = "a.b"\nextra_roots = ["r.pem"]\n', 3, "there is no file"),
    "root that is none": (
        '[gateway]\nname = "a.b"\nextra_roots = ["seppcheck.toml"]\n',
        3,
        "gateway.extra_roots[1]: ",
    ),
    "nodes of one name": (NODE + NODE, 4, "another node has the name a.example.org too"),
    "name of no node": (f'[gateway]\nname = "c.example.org"\n{NODE}', 2, "none of the nodes (a.example.org)"),
    "addresses beside nodes": (f'[gateway]\naddresses = ["192.0.2.1"]\n{NODE}', 2, "write each address at its node"),
}


@pytest.mark.parametrize(("text", "line", "words"), GATEWAYS.values(), ids=GATEWAYS)
def test_a_gateway_that_cannot_be_is_named_with_its_line(text: str, line: int, words: str, write: Write) -> None:
    said = complaints(write(f'{text}[[domains]]\nname = "example.org"\n'))
    assert len(said) == 1
    assert said[0].startswith(f"FILE, line {line}: ")
    assert words in said[0]


def test_a_file_without_a_gateway_or_domain_says_what_to_write(write: Write) -> None:
    assert complaints(write("")) == [
        "FILE: gateway.name: is missing; write the gateway's full host name here, or give --gateway NAME",
        "FILE: domains: no domain is listed; write [[domains]] with a name for each, or give DOMAIN",
    ]


SYNTAX = {
    "no value": (b"a =\n", "FILE, line 1, column 4: not TOML: this is not a value (text stands in quotes)"),
    "text without quotes": (b"[gateway]\nname = secure\n", "FILE, line 2, column 8: not TOML: this is not a value"),
    "text without an end": (b'a = "x\n', "FILE, line 1, column 7: not TOML"),
    "list without an end": (
        b"a = [1,\n2,\n",
        "FILE, line 2, column 3: not TOML: the file ends within a value",
    ),
    "a key twice": (b"a = 1\nb = 2\na = 3\n", "FILE, line 3"),
    "a table twice": (b"[a]\n[a]\n", "FILE, line 2"),
    "a Windows path": (b'a = "C:\\users"\n', "FILE, line 1"),
    "a lone backslash": (b'a = "C:\\data"\n', "a backslash must be written twice"),
    "a day that is none": (b"a = 2026-13-01\n", "FILE, line 1"),
    "a NUL": (b"a = 1\x00\n", "FILE, line 1"),
    "nested too deeply": (b"a = " + b"[" * 100_000, "FILE: lists or tables are nested too deeply"),
    "a number without end": (b"a = " + b"1" * 10_000, "FILE is not TOML"),
    "not UTF-8": (b'a = "\xfc"\n', "FILE is not UTF-8 text"),
    "UTF-16": (SOUND.encode("utf-16"), "FILE is not UTF-8 text"),
    "too large": (b"#" * 9_000_000, "FILE is larger than"),
}


@pytest.mark.parametrize(("content", "words"), SYNTAX.values(), ids=SYNTAX)
def test_what_is_no_toml_is_told_in_one_sentence(content: bytes, words: str, write: Write) -> None:
    (said,) = complaints(write(content))
    assert words in said
    assert "\n" not in said


def test_a_missing_file_says_how_to_begin(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path / "nothing.toml")
    assert "seppcheck init" in said
    assert "--gateway" in said


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b"])
def test_a_path_that_can_be_no_file_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        load(tmp_path / name)


def test_all_faults_are_told_at_once_in_the_order_of_the_file(write: Write) -> None:
    said = complaints(write('[dns]\nport = 0\ntimeout = "x"\n[smtp]\nbanner = 1\n[gateway]\nname = "a"\n'))
    assert [line.split(":")[1].strip() for line in said] == ["dns.port", "dns.timeout", "smtp.banner", "gateway.name"]


def test_a_flood_of_faults_is_cut(write: Write) -> None:
    said = complaints(write("".join(f"x{n} = 1\n" for n in range(500))))
    assert len(said) == 11
    assert said[-1] == "and 490 more"


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{SOUND}{text}".encode(errors="replace")))
def test_any_file_is_read_or_refused_in_words(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "seppcheck.toml")
        path.write_bytes(content)
        with suppress(UserError):
            load(path)


class TestCommandLine:
    def test_it_can_say_everything(self) -> None:
        found = from_arguments(["Example.org", "example.org."], "SECURE.example.org")
        assert found.site.gateway.name == "secure.example.org"
        assert [domain.name for domain in found.site.domains] == ["example.org"]
        assert found.file is None

    @pytest.mark.parametrize(("domains", "gateway"), [([], "a.b"), (["a.b"], None), (["a.b"], "")])
    def test_what_it_lacks_is_told(self, domains: list[str], gateway: str | None) -> None:
        with pytest.raises(UserError, match="at least one DOMAIN and --gateway"):
            from_arguments(domains, gateway)

    def test_a_name_that_is_none_is_told_with_its_option(self) -> None:
        with pytest.raises(UserError, match=r"--gateway: 192\.0\.2\.1 is an address"):
            from_arguments(["example.org"], "192.0.2.1")
        with pytest.raises(UserError, match=r"DOMAIN: a@b\.org is a mail address"):
            from_arguments(["a@b.org"], "a.example.org")

    def test_gateway_overrides_name_and_addresses(self, write: Write) -> None:
        before = load(write(SOUND.replace("\n\n", '\naddresses = ["192.0.2.1"]\nsmtp_port = 2525\n\n', 1)))
        after = with_gateway(before, "other.example.org").site.gateway
        assert after.names == ("other.example.org",)
        assert after.nodes[0].addresses == ()
        assert after.smtp_port == 2525

    def test_it_completes_a_file(self, write: Write) -> None:
        found = load(write("[run]\ndeadline = 5\n"), ["example.org"], "secure.example.org")
        assert found.site.gateway.name == "secure.example.org"
        assert found.site.domains[0].name == "example.org"
        assert found.run.deadline == 5

    def test_it_chooses_domains_of_the_list(self, write: Write) -> None:
        found = load(write(f'{SOUND}[[domains]]\nname = "münchen.example"\n'))
        assert choose_domains(found, []) == ("example.org", "xn--mnchen-3ya.example")
        assert choose_domains(found, ["MÜNCHEN.example"]) == ("xn--mnchen-3ya.example",)
        with pytest.raises(UserError, match=r"exampel\.org is not among .*; did you mean example\.org"):
            choose_domains(found, ["exampel.org"])


class TestNamesOfChecks:
    KNOWN = ("dns-ptr", "dns-mx")

    def test_known_ones_pass(self, write: Write) -> None:
        found = load(write(f"{SOUND}{WAIVER}until = 2026-12-31\n"))
        check_names(found, self.KNOWN)
        assert found.waivers[0].until == date(2026, 12, 31)

    def test_unknown_ones_are_named_with_line_and_nearest(self, write: Write) -> None:
        skip = '[run]\nskip = [\n  { check = "dns-ptr", reason = "r" },\n  { check = "dns-max", reason = "r" },\n]\n'
        waiver = WAIVER.replace("dns-ptr", "mta-sts") + "until = 2026-12-31\n"
        path = write(f"{SOUND}{skip}{waiver}")
        with pytest.raises(SettingsError) as error:
            check_names(load(path), self.KNOWN)
        assert [str(message).replace(str(path), "FILE") for message in error.value.messages] == [
            "FILE, line 9: run.skip[2].check: there is no check dns-max; did you mean dns-mx?",
            "FILE, line 12: waivers[1].check: there is no check mta-sts; there are dns-mx, dns-ptr",
        ]


class TestBundles:
    FULL = (
        '[gateway]\nname = "secure.example.org"\n[gateway.api]\nurl = "https://a.b/v1"\ntoken = "env:TOKEN"\n'
        'secret = "env:S"\n[exchange]\ntransport_rule = "x"\n[[domains]]\nname = "example.org"\n'
        f"{WAIVER}until = 2026-12-31\n"
    )

    def test_settings_come_back_as_they_were(self, write: Write) -> None:
        found = load(write(self.FULL))
        assert from_public(found.public()).public() == found.public()
        assert from_public(found.public()).site == found.site

    def test_secrets_stay_references(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TOKEN", "hunter2")
        public = load(write(self.FULL)).public()
        assert public["gateway"]["api"]["token"] == "env:TOKEN"
        assert "hunter2" not in str(public)

    def test_files_of_another_machine_are_not_missed(self) -> None:
        content = from_arguments(["example.org"], "a.example.org").public()
        content["gateway"] |= {"record": "gone.toml", "extra_roots": ["gone.pem"]}
        assert from_public(content).gateway.record == "gone.toml"

    @pytest.mark.parametrize(
        "content",
        [None, [], "text", 3, {}, {"gateway": 3}, {"domains": {}}, {"a": float("nan")}, {"x": "\ud800"}, {1: {2, 3}}],
        ids=repr,
    )
    def test_what_is_damaged_is_told(self, content: object) -> None:
        with pytest.raises(UserError, match=r"^b\.json: "):
            from_public(content, "b.json")

    def test_a_key_changed_by_hand_is_named(self) -> None:
        content = from_arguments(["a.org"], "a.example.org").public()
        content["gateway"]["smtp_port"] = "25"
        content["domains"].append({"name": "A.org"})
        with pytest.raises(SettingsError) as error:
            from_public(content, "b.json")
        assert [str(message) for message in error.value.messages] == [
            "b.json: settings: gateway.smtp_port: expected a whole number, found text",
            "b.json: settings: domains[2].name: A.org and a.org (domains[1]) are the same domain: a.org",
        ]


def test_settings_can_be_made_of_nothing() -> None:
    assert Settings().site.gateway.name == ""
