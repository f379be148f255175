"""Secrets show themselves to nobody."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from seppcheck import secrets
from seppcheck.errors import InvalidValueError
from seppcheck.secrets import MissingSecretError, Secret

WORD = "hunter2"


def test_a_secret_is_fetched_from_the_environment(tmp_path: Path) -> None:
    assert secrets.read("env:TOKEN", tmp_path, {"TOKEN": f"{WORD}\n"}).reveal() == WORD


def test_a_secret_is_fetched_from_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"\ufeff{WORD}\r\n", encoding="utf-8")
    assert secrets.read("file:token", tmp_path, {}).reveal() == WORD


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{:>20}".format, "%s".__mod__, lambda s: f"{[s]}"])
def test_no_text_form_of_a_secret_shows_it(show: Callable[[Secret], str]) -> None:
    assert WORD not in show(Secret(WORD))


@pytest.mark.parametrize("carry", [json.dumps, pickle.dumps, copy.deepcopy, vars])
def test_a_secret_cannot_be_carried_away(carry: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError) as error:
        carry(Secret(WORD))
    assert WORD not in str(error.value)


@pytest.mark.parametrize(
    "value", [WORD, "", "env:", "env: ", "file:", "ENV:TOKEN", "env:A B=C", "pass:x", "env:\nTOKEN", "env: TOKEN"]
)
def test_anything_but_a_reference_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(InvalidValueError) as error:
        secrets.reference(value)
    assert WORD not in str(error.value)


@pytest.mark.parametrize("environ", [{}, {"TOKEN": ""}, {"TOKEN": "  "}])
def test_a_variable_that_is_not_set_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(MissingSecretError, match="environment variable TOKEN is not set"):
        secrets.read("env:TOKEN", tmp_path, environ)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        (b"", "is empty"),
        (b"\xff\xfe" + WORD.encode(), "not UTF-8"),
        (b"x" * 70_000, "64 KiB"),
    ],
)
def test_a_file_without_a_secret_is_named(content: bytes | None, says: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(MissingSecretError, match=says) as error:
        secrets.read("file:token", tmp_path, {})
    assert str(tmp_path / "token") in str(error.value)
    assert WORD not in str(error.value)
