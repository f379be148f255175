"""The pages of docs/ say what is so, and say the same in English and in German."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from seppcheck import plugins
from seppcheck.model.outcomes import Absence, Reason
from seppcheck.settings import Settings
from tests.desk import Desk
from tests.documents import ROOT, Block, Command, Document, anchors
from tools.reference import command_tree, configuration, results
from tools.reference.configuration_examples import EXAMPLES
from tools.reference.exit_codes import CODES
from tools.reference.pages import WRITERS, pages

DOCS = ROOT / "docs"
ENGLISH, GERMAN = DOCS / "en", DOCS / "de"
NAMES = sorted(path.relative_to(ENGLISH).as_posix() for path in ENGLISH.rglob("*.md"))
WRITTEN = [name for name in NAMES if name not in WRITERS]
WALKS = [name for name in WRITTEN if Document(ENGLISH / name).commands]
EVERY = [DOCS / "README.md", *(folder / name for folder in (ENGLISH, GERMAN) for name in NAMES)]


def show(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    found = Desk(tmp_path, monkeypatch, capsys)
    yield found
    found.close()


@pytest.mark.parametrize("name", WALKS)
def test_a_page_can_be_followed_from_top_to_bottom(name: str, desk: Desk) -> None:
    for step in Document(ENGLISH / name).steps:
        fault = desk.fault_of(step)
        assert not fault, fault


def test_every_page_is_there_in_both_languages() -> None:
    assert NAMES
    assert sorted(path.relative_to(GERMAN).as_posix() for path in GERMAN.rglob("*.md")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_sections(name: str) -> None:
    english, german = Document(ENGLISH / name), Document(GERMAN / name)
    assert [level for level, _ in english.headings] == [level for level, _ in german.headings]


@pytest.mark.parametrize("name", WRITTEN)
def test_both_languages_have_the_same_commands_and_blocks(name: str) -> None:
    assert told(Document(ENGLISH / name)) == told(Document(GERMAN / name))


def told(document: Document) -> list[Block | Command]:
    """Return its commands and its other blocks, comments of shell and TOML aside: they are prose."""
    blocks = [
        Block(block.language, block.file, re.sub(r" *# .*$", "", block.text, flags=re.MULTILINE))
        for block in document.every_block
        if block.language != "console"
    ]
    return [*document.commands, *blocks]


@pytest.mark.parametrize("path", EVERY, ids=show)
def test_links_lead_somewhere(path: Path) -> None:
    wrong = []
    for link in Document(path).links:
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or (anchor and anchor not in anchors(Document(file))):
            wrong.append(link)
    assert not wrong


def test_the_index_leads_to_every_page() -> None:
    index = {(DOCS / link.partition("#")[0]).resolve() for link in Document(DOCS / "README.md").links}
    assert {path.resolve() for path in EVERY} - {DOCS / "README.md"} - index == set()


@pytest.mark.parametrize("path", sorted(pages()))
def test_generated_pages_are_what_the_code_says(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == pages()[path], "run `make reference`"


@pytest.mark.parametrize("folder", [ENGLISH, GERMAN], ids=show)
class TestReference:
    def test_every_check_has_its_section_and_its_permissions(self, folder: Path) -> None:
        checks = set(plugins.load(sources=False).checks)
        assert checks == {words for level, words in Document(folder / "reference/checks.md").headings if level == 2}
        rows = re.findall(
            r"^\| \[`([a-z0-9-]+)`\]\(reference", (folder / "permissions.md").read_text("utf-8"), re.MULTILINE
        )
        assert set(rows) == checks

    def test_every_reason_has_a_section_that_says_what_to_do(self, folder: Path) -> None:
        page = Document(folder / "troubleshooting.md")
        sections = re.split(r"^#+ ", page.text, flags=re.MULTILINE)
        about = {section.partition("\n")[0]: section.partition("\n")[2].strip() for section in sections}
        assert [reason for reason in (*Reason, *Absence) if len(about.get(reason.value, "")) < 80] == []

    def test_every_command_has_its_section(self, folder: Path) -> None:
        named = [words for level, words in Document(folder / "reference/commands.md").headings if level == 2]
        assert named == [name for name, _ in command_tree.every_command()]


def test_every_command_says_what_its_exit_codes_mean() -> None:
    names = {name.removeprefix("seppcheck ") for name, _ in command_tree.every_command()}
    assert names - set(CODES) == set()


def test_every_key_of_the_configuration_says_what_it_means() -> None:
    missing = [
        f"{name} {key}"
        for name, model in configuration.sections()
        for key, field in configuration.keys(model).items()
        if not field.description
    ]
    assert missing == []


def test_every_field_of_the_results_says_what_it_means() -> None:
    published = results.schema()
    definitions = [("", published), *published["$defs"].items()]
    missing = [
        f"{name}.{field.path}"
        for name, definition in definitions
        for field in results.fields(definition)
        if results.described(field.given).template == results.NOTHING
    ]
    assert missing == []


def test_every_table_of_the_configuration_has_an_example_that_is_accepted() -> None:
    assert set(EXAMPLES) == {name for name, _ in configuration.sections()}
    for example in EXAMPLES.values():
        Settings.model_validate(tomllib.loads(example))


@pytest.mark.parametrize("name", WRITTEN)
def test_examples_of_the_configuration_are_accepted(name: str) -> None:
    for content in Document(ENGLISH / name).blocks("toml"):
        Settings.model_validate(tomllib.loads(content))
