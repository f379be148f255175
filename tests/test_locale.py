"""The German catalogue is complete, true to the source, and compiled; without one everything works in English."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message

from seppcheck import locale
from seppcheck.locale import default_language, languages, translator
from tools import messages

CATALOGUES = messages.catalogue_files()
MANUALS = {message for message, _ in messages.in_manuals()}


def entries(path: Path) -> list[Message]:
    return [message for message in messages.read(path) if message.id]


def fields(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def show(template: object) -> str:
    return str(template)[:80]


def test_there_is_a_german_catalogue() -> None:
    assert languages() == ("en", "de")
    assert [path.parent.parent.name for path in CATALOGUES] == ["de"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
class TestCatalogue:
    def test_it_holds_what_the_source_says_and_nothing_else(self, path: Path) -> None:
        held, said = {str(message.id) for message in entries(path)}, set(messages.collect())
        assert said - held == set(), "run `make messages`, and translate what is new"
        assert held - said == set(), "run `make messages`, which drops what nobody says any more"

    def test_everything_is_translated(self, path: Path) -> None:
        assert [show(message.id) for message in entries(path) if not message.string] == []

    def test_nothing_is_a_guess(self, path: Path) -> None:
        assert [show(message.id) for message in entries(path) if message.fuzzy] == []

    def test_translations_have_the_same_fields(self, path: Path) -> None:
        templates = [message for message in entries(path) if message.id not in MANUALS]
        assert [show(m.id) for m in templates if fields(str(m.id)) != fields(str(m.string))] == []

    def test_options_commands_and_numbers_are_the_same_in_both(self, path: Path) -> None:
        exact = re.compile(r"`[^`]+`|--[a-z][a-z-]+|\bRFC \d+")
        wrong = [
            show(message.id)
            for message in entries(path)
            if sorted(exact.findall(str(message.id))) != sorted(exact.findall(str(message.string)))
        ]
        assert wrong == []

    def test_it_was_compiled_after_the_last_change(self, path: Path) -> None:
        with path.with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        assert [show(m.id) for m in entries(path) if m.string and compiled.gettext(str(m.id)) != m.string] == []


@pytest.mark.parametrize(
    "path", list(messages.python_files()), ids=lambda path: path.relative_to(messages.ROOT).as_posix()
)
def test_no_template_is_put_together_from_parts(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = (ast.JoinedStr, ast.BinOp)
    assert [template.lineno for template in messages.templates(tree) if isinstance(template, made)] == []


def test_german_is_spoken_when_asked_for() -> None:
    (path,) = CATALOGUES
    translate = translator("de")
    assert all(translate(str(message.id)) == message.string for message in entries(path))


def test_english_is_the_source_language() -> None:
    assert translator("en")("{count} more") == "{count} more"


def test_an_empty_text_stays_empty() -> None:
    assert translator("de")("") == ""


def test_a_message_that_the_catalogue_lacks_stays_english() -> None:
    assert translator("de")("a sentence that nobody ever said") == "a sentence that nobody ever said"


@pytest.mark.parametrize(
    "content", [None, b"", b"\xde\x12\x04\x95", b"no catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40]
)
def test_a_missing_or_damaged_catalogue_leaves_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    monkeypatch.setattr(locale, "_FOLDER", tmp_path)
    if content is not None:
        path = tmp_path / "de" / "LC_MESSAGES" / "seppcheck.mo"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    assert translator.__wrapped__("de")("{count} more") == "{count} more"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "de-CH"}, "de"),
        ({"LANG": "German_Germany.1252"}, "de"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "de_DE.UTF-8"}, "de"),
        ({"LC_MESSAGES": "de_DE.UTF-8", "LANG": "en_US.UTF-8"}, "de"),
        ({"LC_ALL": "de_DE.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "de"),
    ],
)
def test_the_language_is_that_of_the_locale(environ: dict[str, str], language: str) -> None:
    assert default_language(environ) == language


@pytest.mark.parametrize(
    ("system", "language"), [("German_Germany", "de"), ("de_DE", "de"), ("en_US", "en"), (None, "en")]
)
def test_without_an_environment_the_operating_system_is_asked(
    monkeypatch: pytest.MonkeyPatch, system: str | None, language: str
) -> None:
    monkeypatch.setattr(locale.locale, "getlocale", lambda: (system, "UTF-8"))
    assert default_language({}) == language
