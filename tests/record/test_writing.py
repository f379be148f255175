from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.errors import UserError
from seppcheck.model.gateway import ExtendedField
from seppcheck.record.reading import read
from seppcheck.record.writing import Value, write

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOLD = ("customers", "a.b", "extended_fields", "disable_delivery")
FIELD = ExtendedField("disable_delivery", "boolean", "false", (), ("x.example",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway-record.toml"


def values(path: Path) -> dict[tuple[str, ...], object]:
    return {answer.path: answer.value for answer in read(path, path.name, NOW).answers}


def test_what_is_written_is_read_again(path: Path) -> None:
    given: dict[tuple[str, ...], Value] = {
        ("mail_system", "use_builtin_mta"): False,
        HOLD: "true",
        ("domains", "example.org", "smarthost"): "",
        ("domains", "example.org", "extended_fields", "disable_delivery"): "default",
        ("custom_commands", "before_processing"): "log(1,'a\\b \"');\nx();\n",
        ("extended_fields",): FIELD,
    }
    write(path, given, "A. Admin", NOW)
    assert values(path) == {**given, ("extended_fields",): (FIELD,)}


def test_comments_and_other_answers_stay(path: Path) -> None:
    path.write_text(
        '# ours\nattested_by = "A"\nattested_at = 2026-11-20T09:30:00Z\n\n[mail_system]  # as of today\n'
        'smtp_banner = "one"\n\n[domains."Example.ORG"]\n# see ticket\n'
        'extended_fields = { disable_delivery = "true" }\n',
        encoding="utf-8",
    )
    write(
        path,
        {
            ("mail_system", "smtp_helo"): "two",
            ("domains", "example.org", "extended_fields", "disable_delivery"): "false",
        },
        "B",
        NOW,
    )
    content = path.read_text(encoding="utf-8")
    record = read(path, path.name, NOW)

    assert all(comment in content for comment in ("# ours", "# as of today", "# see ticket", '"Example.ORG"'))
    assert values(path) == {
        ("mail_system", "smtp_banner"): "one",
        ("mail_system", "smtp_helo"): "two",
        ("domains", "example.org", "extended_fields", "disable_delivery"): "false",
    }
    assert {answer.path[-1]: (answer.by, answer.at) for answer in record.answers} == {
        "smtp_banner": ("A", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        "smtp_helo": ("B", NOW),
        "disable_delivery": ("B", NOW),
    }


def test_fields_that_nobody_asked_about_stay_beside_the_guides(path: Path) -> None:
    write(path, {("extended_fields",): FIELD, HOLD: "true"}, "A", NOW)
    content = path.read_text(encoding="utf-8").replace(
        "[[extended_fields]]", '[[extended_fields]]\nname = "x"\n[[extended_fields]]', 1
    )
    path.write_text(content, encoding="utf-8")
    write(path, {("extended_fields",): None}, "A", NOW)
    assert values(path)[("extended_fields",)] == (ExtendedField("x", None, None, None, None),)


def test_a_field_that_is_gone_leaves_a_list_known_to_be_empty(path: Path) -> None:
    write(path, {("mail_system", "smtp_banner"): "x", ("extended_fields",): FIELD}, "A", NOW)
    write(path, {("extended_fields",): None}, "A", NOW)
    assert values(path)[("extended_fields",)] == ()


def test_what_would_not_be_sound_is_not_written(path: Path) -> None:
    write(path, {HOLD: "true"}, "A", NOW)
    before = path.read_bytes()
    with pytest.raises(UserError, match="disable_delivery"):
        write(path, {HOLD: "perhaps"}, "A", NOW)
    assert path.read_bytes() == before


def test_a_damaged_record_is_named_and_kept(path: Path) -> None:
    path.write_text("a = = 1", encoding="utf-8")
    with pytest.raises(UserError, match=r"gateway-record\.toml is not TOML"):
        write(path, {HOLD: "true"}, "A", NOW)
    assert path.read_text(encoding="utf-8") == "a = = 1"


@given(
    command=st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\r")),
    customer=st.text(max_size=20, alphabet=st.characters(exclude_categories=("Cs",))).map(lambda n: f"k{n}k"),
)
def test_any_text_and_any_name_come_back(tmp_path_factory: pytest.TempPathFactory, command: str, customer: str) -> None:
    path = tmp_path_factory.mktemp("record") / "gateway-record.toml"
    key = ("customers", customer, "extended_fields", "disable_delivery")
    given = {key: "true", ("custom_commands", "before_processing"): "x" + command}
    write(path, given, "A", NOW)
    assert values(path) == given
