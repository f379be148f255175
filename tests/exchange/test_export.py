from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seppcheck.exchange.cmdlets import Query
from seppcheck.exchange.export import UnusableError, accepted, objects_of
from seppcheck.exchange.export_info import ExportInfo
from seppcheck.model.outcomes import Reason

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULES = Query("Get-TransportRule")
INFO = {"schema_version": 1, "collected_at": "2026-11-24T11:00:00Z", "tenant": "X.onmicrosoft.com", "counts": {}}


def write(folder: Path, name: str, octets: bytes | object) -> Path:
    path = folder / name
    path.write_bytes(octets if isinstance(octets, bytes) else json.dumps(octets).encode())
    return path


def read(folder: Path, counts: dict[str, int] | None = None) -> list[str]:
    info = ExportInfo(NOW, "x.onmicrosoft.com", counts or {})
    return [found.name for found in objects_of(folder, info, RULES)]


def reason_of(folder: Path, counts: dict[str, int] | None = None) -> tuple[Reason, str]:
    with pytest.raises(UnusableError) as caught:
        read(folder, counts)
    return caught.value.why.reason, str(caught.value)


@pytest.mark.parametrize(
    ("octets", "names"),
    [
        (b'[{"Name": "a"}, {"Name": "b"}]', ["a", "b"]),
        (b'{"Name": "a"}', ["a"]),
        (b"[null]", []),
        (b"null", []),
        (b"[]", []),
        (b'{"value": [{"Name": "a"}]}', ["a"]),
        (b'\xef\xbb\xbf[{"Name": "a"}]', ["a"]),
        ('\ufeff[{"Name": "ä"}]'.encode("utf-16-le"), ["ä"]),
        ('\ufeff{"Name": "ä"}'.encode("utf-16-be"), ["ä"]),
    ],
)
def test_every_shape_that_powershell_writes_is_read(octets: bytes, names: list[str], tmp_path: Path) -> None:
    write(tmp_path, "Get-TransportRule.json", octets)
    assert read(tmp_path, {"Get-TransportRule": len(names)}) == names


@pytest.mark.parametrize("octets", [b"", b"\xff\xfe", b"\xef\xbb\xbf \r\n"])
def test_a_file_of_no_bytes_is_an_empty_list_only_where_nothing_was_counted(octets: bytes, tmp_path: Path) -> None:
    write(tmp_path, "Get-TransportRule.json", octets)
    assert read(tmp_path, {"Get-TransportRule": 0}) == []
    assert reason_of(tmp_path, {"Get-TransportRule": 2})[0] is Reason.INCOMPLETE
    assert reason_of(tmp_path, {})[0] is Reason.INCOMPLETE


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        ('[{"Name": "ä"}]'.encode("latin-1"), "Set-Content -Encoding utf8"),
        ('[{"Name": "a"}]'.encode("utf-16-le"), "Set-Content -Encoding utf8"),
        ('\ufeff[{"Name": "a"}]'.encode("utf-32-le"), "Set-Content -Encoding utf8"),
        (b'[{"Name": "a"}', "no JSON"),
        (b'[{"Name": "a", "Name": "b"}]', "stands twice"),
        (b'[{"Priority": NaN}]', "NaN"),
        (b'"text"', "no list"),
        (b'[["a"]]', "no list"),
        (b"[" * 100_000, "JSON"),
        (b'[{"Name": "a", "State": 1}]', "-EnumsAsStrings"),
        (b'[{"Name": "a", "Mode": "2"}]', "-EnumsAsStrings"),
    ],
)
def test_what_cannot_be_read_as_it_should_be_is_malformed_and_says_what_helps(
    octets: bytes, said: str, tmp_path: Path
) -> None:
    write(tmp_path, "Get-TransportRule.json", octets)
    reason, words = reason_of(tmp_path)
    assert reason is Reason.MALFORMED
    assert said in words
    assert "seppcheck explain exchange-export" in words


@pytest.mark.parametrize(
    "value",
    ["System.Object[]", "@{Value=x; Kind=1}", "System.Collections.ArrayList", ["@{a=b}"], "a.example b.example"],
)
def test_what_the_depth_cut_off_is_incomplete_and_says_so(value: object, tmp_path: Path) -> None:
    write(tmp_path, "Get-TransportRule.json", [{"Name": "a", "SenderDomainIs": value}])
    reason, words = reason_of(tmp_path)
    assert reason is Reason.INCOMPLETE
    assert "-Depth 10" in words


def test_a_missing_file_is_not_collected(tmp_path: Path) -> None:
    assert reason_of(tmp_path)[0] is Reason.NOT_COLLECTED


def test_another_count_is_incomplete(tmp_path: Path) -> None:
    write(tmp_path, "Get-TransportRule.json", [{"Name": "a"}])
    assert reason_of(tmp_path, {"Get-TransportRule": 9})[0] is Reason.INCOMPLETE


def test_an_export_says_when_and_of_whom_it_is(tmp_path: Path) -> None:
    write(tmp_path, "export-info.json", INFO)
    assert accepted(tmp_path, "x.onmicrosoft.com", NOW) == ExportInfo(NOW - timedelta(hours=1), "x.onmicrosoft.com", {})
    assert accepted(tmp_path, "", NOW).tenant == "x.onmicrosoft.com"
    assert accepted(tmp_path, "00000000-1111-2222-3333-444444444444", NOW)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (None, Reason.EXPIRED),
        ({"tenant": "other.onmicrosoft.com"}, Reason.CONTRADICTION),
        ({"tenant": ""}, Reason.MALFORMED),
        ({"tenant": 7}, Reason.MALFORMED),
        ({"schema_version": 2}, Reason.MALFORMED),
        ({"counts": {"Get-TransportRule": "9"}}, Reason.MALFORMED),
        ({"counts": {"Get-TransportRule": True}}, Reason.MALFORMED),
        ({"counts": None}, Reason.MALFORMED),
        ({"collected_at": "2026-11-24T11:00:00"}, Reason.MALFORMED),
        ({"collected_at": "yesterday"}, Reason.MALFORMED),
        ({"collected_at": 1}, Reason.MALFORMED),
        ({"collected_at": "2026-11-24T13:00:00Z"}, Reason.MALFORMED),
    ],
)
def test_an_export_that_does_not_count_says_why(
    changes: dict[str, object] | None, reason: Reason, tmp_path: Path
) -> None:
    if changes is not None:
        write(tmp_path, "export-info.json", {**INFO, **changes})
    with pytest.raises(UnusableError) as caught:
        accepted(tmp_path, "x.onmicrosoft.com", NOW)
    assert caught.value.why.reason is reason


@pytest.mark.parametrize("octets", [b"", b"{", b"[]", b"null", b"\xff\xfe{\x00"])
def test_damaged_export_information_is_malformed(octets: bytes, tmp_path: Path) -> None:
    write(tmp_path, "export-info.json", octets)
    with pytest.raises(UnusableError) as caught:
        accepted(tmp_path, "", NOW)
    assert caught.value.why.reason is Reason.MALFORMED
