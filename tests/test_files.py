from __future__ import annotations

from pathlib import Path

import pytest

from seppcheck.errors import UserError
from seppcheck.files import read_text, write_text


def test_a_file_is_written_whole_and_its_folder_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.json"

    write_text(path, "Grüße\n")

    assert path.read_bytes() == "Grüße\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_dash_is_standard_output_in_utf_8(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write_text(Path("-"), "Grüße\n")

    assert capsysbinary.readouterr().out == "Grüße\n".encode()


def test_a_device_is_written_to_not_replaced() -> None:
    device = Path("/dev/null")

    write_text(device, "x")

    assert device.is_char_device()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(UserError, match="cannot be written"):
        write_text(tmp_path / "file" / "report.json", "x")


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_text("12345", encoding="utf-8")

    assert read_text(path, 5) == "12345"
    with pytest.raises(UserError, match="larger than 4 bytes"):
        read_text(path, 4)
