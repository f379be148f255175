"""Names as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.errors import InvalidValueError
from seppcheck.names import a_label, ip_address, name_glob


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("example.org", "example.org"),
        ("EXAMPLE.Org.", "example.org"),
        ("  example.org  ", "example.org"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("MÜNCHEN.EXAMPLE.", "xn--mnchen-3ya.example"),
        ("mu\u0308nchen.example", "xn--mnchen-3ya.example"),  # u and a combining diaeresis
        ("XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example"),
        ("straße.example", "xn--strae-oqa.example"),  # IDNA 2008 keeps the ß
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),  # with the ideographic full stop
        ("r3---sn-4g5e.example.org", "r3---sn-4g5e.example.org"),
        ("0815.example.org", "0815.example.org"),
        (f"{'a' * 63}.example", f"{'a' * 63}.example"),
    ],
)
def test_a_name_becomes_lower_case_a_labels_without_a_dot(written: str, name: str) -> None:
    assert a_label(written) == name


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "must not be empty"),
        ("   ", "must not be empty"),
        ("user@example.org", "is a mail address; write its domain: example.org"),
        ("https://example.org/path", "is a URL; write the name alone: example.org"),
        ("https://me:hunter2@example.org/", "https://example.org/ is a URL"),
        ("*.example.org", "is a pattern; write each name itself, such as example.org"),
        ("192.0.2.1", "is an address"),
        ("[2001:db8::1]", "is an address"),
        ("2001:db8::1", "is an address"),
        ("_dmarc.example.org", "underscore"),
        ("example", "has no dot"),
        ("example..org", "empty part"),
        (".example.org", "empty part"),
        ("example.org..", "empty part"),
        ("-a.example.org", "-a must be letters, digits and inner hyphens"),
        ("a-.example.org", "a- must be"),
        ("exa mple.org", "exa mple must be"),
        ("exam\x1bple.org", "must be"),
        ("example.org/", "must be"),
        ("example.1", "ends in a number"),
        ("1.2.3", "ends in a number"),
        ("xn--a.example", "is not a valid name"),
        ("☃.example", "is not a valid name"),
        (f"{'a' * 64}.example", "longer than 63"),
        (f"{'ä' * 64}.example", "is not a valid name"),
        (".".join(["a" * 60] * 5), "longer than 253"),
        ("ä" * 100_000, "a name of 100000 characters is too long"),
    ],
)
def test_what_is_no_name_is_called_what_it_is(written: str, says: str) -> None:
    with pytest.raises(InvalidValueError) as error:
        a_label(written)
    assert says in str(error.value)
    assert "hunter2" not in str(error.value)


@given(st.text(max_size=80))
def test_any_text_is_a_name_or_refused_in_words(written: str) -> None:
    try:
        name = a_label(written)
    except InvalidValueError:
        return
    assert a_label(name) == name
    assert name.isascii()
    assert name == name.lower()
    assert not name.endswith(".")


@pytest.mark.parametrize(
    ("written", "address"),
    [("192.0.2.1", "192.0.2.1"), ("2001:DB8:0::1", "2001:db8::1"), (" 192.0.2.1 ", "192.0.2.1")],
)
def test_an_address_takes_its_canonical_form(written: str, address: str) -> None:
    assert ip_address(written) == address


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("192.0.2.256", "not an IPv4 or IPv6 address"),
        ("192.0.2.0/24", "is a network"),
        ("192.0.2.1:25", "not an IPv4 or IPv6 address"),
        ("fe80::1%eth0", "one machine's interface"),
        ("010.0.0.1", "not an IPv4 or IPv6 address"),
        ("gateway.example.org", "not an IPv4 or IPv6 address"),
        ("", "not an IPv4 or IPv6 address"),
    ],
)
def test_what_is_no_address_is_refused(written: str, says: str) -> None:
    with pytest.raises(InvalidValueError, match=says):
        ip_address(written)


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("*.Example.ORG.", "*.example.org"),
        ("*.münchen.example", "*.xn--mnchen-3ya.example"),
        ("*", "*"),
        ("mün*.example", "mün*.example"),
        ("Contoso", "contoso"),
        ("☃.Example", "☃.example"),
    ],
)
def test_a_pattern_is_compared_as_names_are(written: str, pattern: str) -> None:
    assert name_glob(written) == pattern
