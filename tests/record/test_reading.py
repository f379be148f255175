"""gateway-record.toml as people write it, and what they are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.errors import UserError
from seppcheck.model.gateway import ExtendedField
from seppcheck.model.gateway_record import GatewayRecord
from seppcheck.model.smtp import Certificate
from seppcheck.record.keys import dotted, is_private_key, parsed, refuse_private_key
from seppcheck.record.reading import read
from tests.peers.pki import Pki

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HEAD = 'attested_by = "A. Admin"\nattested_at = 2026-11-20T09:30:00Z\n'
WHOLE = (
    HEAD
    + """
[mail_system]
use_builtin_mta = true
smtp_banner = "secure.example.org"
internal_mails = "use-domain-settings"
firmware = "14.1.0"

[[extended_fields]]
name = "disable_delivery"
type = "boolean"
default = "false"
tenants = []
managed_domains = []

[custom_commands]
before_processing = "file:before.txt"
dkim = true

[customers.kunde.extended_fields]
disable_delivery = "false"

[domains."Müller.example"]
smarthost = ""
customer = "kunde"
extended_fields = { disable_delivery = "default" }

[mail_processing]
ruleset_type = "Generator"

[answered."customers.kunde.extended_fields.disable_delivery"]
at = 2026-11-24T12:30:00+01:00
by = "B. Bot"

[answered.'domains."müller.example".smarthost']
at = 2026-11-23T20:15:00Z
"""
)
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str) -> Path:
        path = tmp_path / "gateway-record.toml"
        path.write_text(content, encoding="utf-8")
        return path

    return to_file


def load(path: Path) -> GatewayRecord:
    return read(path, path.name, NOW)


def complaints(path: Path) -> list[str]:
    with pytest.raises(UserError) as error:
        load(path)
    return [str(message).replace(str(path.parent), "DIR") for message in error.value.messages]


def test_every_answer_has_its_author_and_date(write: Write) -> None:
    path = write(WHOLE)
    (path.parent / "before.txt").write_bytes(b"internal();\r\n")
    record = load(path)
    banner = record.answer("mail_system", "smtp_banner")
    hold = record.answer("customers", "kunde", "extended_fields", "disable_delivery")
    smarthost = record.answer("domains", "xn--mller-kva.example", "smarthost")
    command = record.answer("custom_commands", "before_processing")

    assert banner is not None
    assert (banner.value, banner.by, banner.at) == (
        "secure.example.org",
        "A. Admin",
        datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    )
    assert hold is not None
    assert (hold.by, hold.at) == ("B. Bot", datetime(2026, 11, 24, 11, 30, tzinfo=UTC))
    assert smarthost is not None
    assert (smarthost.value, smarthost.by, smarthost.at.day) == ("", "A. Admin", 23)
    assert command is not None
    assert (command.value, command.file) == ("internal();\r\n", "before.txt")
    assert record.answer("mail_system", "smtp_helo") is None
    assert record.domains == ("xn--mller-kva.example",)


def test_known_to_be_empty_is_not_unknown(write: Write) -> None:
    record = load(write("extended_fields = []\n" + HEAD + '[custom_commands]\nbefore_processing = ""\n'))
    fields = record.answer("extended_fields")
    command = record.answer("custom_commands", "before_processing")
    assert fields is not None
    assert fields.value == ()
    assert command is not None
    assert command.value == ""
    assert load(write(HEAD)).answers == ()


def test_fields_keep_their_properties(write: Write) -> None:
    record = load(write(HEAD + '[[extended_fields]]\nname = "disable_delivery"\ntype = "string"\ntenants = ["x"]\n'))
    answer = record.answer("extended_fields")
    assert answer is not None
    assert answer.value == (ExtendedField("disable_delivery", "string", None, ("x",), None),)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("attested_at = 2026-11-20T09:30:00Z\n", "attested_by: is missing"),
        (HEAD.replace("Z", ""), "line 2: attested_at: this time has no offset"),
        (HEAD.replace("2026", "2027"), "line 2: attested_at: this time lies in the future"),
        (HEAD.replace("T09:30:00Z", ""), "line 2: attested_at: expected a time such as"),
        (
            HEAD + '[mail_system]\nsmtp_baner = "x"\n',
            "line 4: mail_system.smtp_baner: unknown key; did you mean smtp_banner?",
        ),
        (
            HEAD + '[mail_system]\nuse_builtin_mta = "yes"\n',
            "line 4: mail_system.use_builtin_mta: expected true or false",
        ),
        (
            HEAD + "[customers.k.extended_fields]\ndisable_delivery = true\n",
            'expected one of "true", "false", "default"',
        ),
        (HEAD + '[domains."a.example"]\nsmart = ""\n', 'line 4: domains."a.example".smart: unknown key'),
        (HEAD + '[domains."a b"]\nsmarthost = ""\n', 'line 3: domains."a b": '),
        (HEAD + '[domains."A.example"]\n[domains."a.example"]\n', "are the same domain"),
        (HEAD + '[domains."a.example"]\ntls_level = "high"\n', 'expected one of "none", "may"'),
        (HEAD + '[domains."a.example"]\ncertificate = "gone.pem"\n', "there is no file DIR/gone.pem"),
        (
            HEAD + '[domains."a.example"]\ncertificate = "gateway-record.toml"\n',
            "holds no certificate that can be read",
        ),
        (HEAD + '[custom_commands]\nbefore_processing = "file:gone.txt"\n', "there is no file DIR/gone.txt"),
        (HEAD + '[answered."mail_system.smtp_bannr"]\nat = 2026-11-20T09:30:00Z\n', "there is no such answer"),
        (HEAD + "[answered.mail_system]\nat = 2026-11-20T09:30:00Z\n", "there is no such answer"),
        (HEAD + '[[extended_fields]]\nname = "x"\n[[extended_fields]]\nname = "x"\n', "x is listed twice"),
        (
            HEAD + '[customers.Kunde.extended_fields]\n[domains."a.example"]\ncustomer = "kunde"\n',
            'line 5: domains."a.example".customer: there is no [customers.kunde]; did you mean Kunde?',
        ),
        (HEAD + "[mail_system\n", "line 3, column 13: not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_key(write: Write, content: str, complaint: str) -> None:
    (told,) = complaints(write(content))
    assert told.startswith("DIR/gateway-record.toml")
    assert complaint in told


def test_a_record_that_is_not_there_says_how_to_write_one(tmp_path: Path) -> None:
    (told,) = complaints(tmp_path / "gateway-record.toml")
    assert "seppcheck attest" in told


def test_a_private_key_is_refused_and_not_repeated(write: Write) -> None:
    for key in (
        "-----BEGIN PRIVATE KEY-----CANARY",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj",
        "MIIEowIBAAKCAQEAxyzCANARY1234",
    ):
        (told,) = complaints(write(HEAD + f'[domains."a.example"]\ndkim_public_key = "{key}"\n'))
        assert "private key" in told
        assert key not in told


@pytest.mark.parametrize("key", ["", "MIIB", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA", "no base64 at all!"])
def test_a_public_key_is_taken_as_it_is(key: str) -> None:
    assert refuse_private_key(key) == key


@given(st.text())
def test_no_text_breaks_the_search_for_private_keys(key: str) -> None:
    assert is_private_key(f"-----BEGIN RSA PRIVATE KEY-----{key}")
    assert is_private_key(key) in (True, False)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("internal();\n".encode("utf-16"), "internal();\n"),
        (b"\xfe\xff" + "ü;".encode("utf-16-be"), "ü;"),
        ("\ufeffinternal();".encode(), "\ufeffinternal();"),
        ("log(1,'ü');".encode(), "log(1,'ü');"),
    ],
)
def test_the_commands_file_is_read_by_its_byte_order_mark(write: Write, content: bytes, expected: str) -> None:
    path = write(HEAD + '[custom_commands]\nbefore_processing = "file:c.txt"\n')
    (path.parent / "c.txt").write_bytes(content)
    (answer,) = load(path).answers
    assert answer.value == expected


def test_a_commands_file_in_another_encoding_is_refused(write: Write) -> None:
    path = write(HEAD + '[custom_commands]\nbefore_processing = "file:c.txt"\n')
    (path.parent / "c.txt").write_bytes("ü".encode("latin-1"))
    assert "save it as UTF-8" in complaints(path)[0]


@pytest.mark.parametrize("form", ["pem", "der"])
def test_a_certificate_is_read_in_both_forms_and_its_key_stays_outside(write: Write, pki: Pki, form: str) -> None:
    credential = pki.issue("*.example.org")
    path = write(HEAD + '[domains."example.org"]\ncertificate = "c"\n')
    der = credential.certificate.public_bytes(Encoding.DER)
    (path.parent / "c").write_bytes(credential.pem if form == "pem" else der)
    (answer,) = load(path).answers
    assert isinstance(answer.value, Certificate)
    assert "*.example.org" in answer.value.dns_names
    assert answer.file == "c"
    assert "PRIVATE" not in repr(answer)


@given(st.lists(st.text(min_size=1, alphabet=st.characters(exclude_categories=("Cs",))), min_size=1, max_size=4))
def test_a_path_survives_being_written(path: list[str]) -> None:
    assert parsed(dotted(tuple(path))) == tuple(path)


@pytest.mark.parametrize("path", ["", "a b", "a.", "a = 1\nb", "a]", "{", "a = {b", "x = 1 #"])
def test_what_is_no_path_is_none(path: str) -> None:
    assert parsed(path) is None
