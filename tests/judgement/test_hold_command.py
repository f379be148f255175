from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.judgement.hold_command import GUIDE_COMMAND as GUIDE
from seppcheck.judgement.hold_command import examine
from seppcheck.judgement.ruleset_tokens import Kind, read
from seppcheck.model.outcomes import Outcome

LINES = GUIDE.splitlines()


def told(text: str) -> list[tuple[str, str]]:
    return [(remark.outcome.value, str(remark.message)) for remark in examine(text)]


def only(text: str) -> tuple[str, str]:
    """The first remark; all of them have its outcome."""
    remarks = told(text)
    assert len({outcome for outcome, _ in remarks}) == 1
    return remarks[0]


def test_the_guides_lines_pass() -> None:
    assert told(GUIDE) == []


@pytest.mark.parametrize(
    "text",
    [
        GUIDE.replace("\n", "\r\n"),
        GUIDE.replace("\n", " "),
        GUIDE.replace(" (", "("),
        GUIDE.replace("(", " ( ").replace(",", " , "),
        "# a comment with 'quotes\n" + GUIDE.replace(";\n", "; # why\n"),
        GUIDE.replace("temporary disabled delivery from sender", "gesperrt # nicht stören"),
        "hold = { " + GUIDE + "};\n$hold;\n",
        "inner = { " + GUIDE + "};\nouter = { $inner; };\n$outer;",
        "unused = { drop('555'); };\n" + GUIDE,
    ],
)
def test_what_means_the_same_passes(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            GUIDE.replace("internal", "Internal"),
            "line 1, column 1: other capital letters: Internal instead of internal",
        ),
        (GUIDE.replace("'eq:r'", "'is:r'"), "line 3, column 47: another operator of the same meaning"),
        (GUIDE.replace("'eq'", "'=='"), "line 11, column 47: another operator of the same meaning"),
        (GUIDE.replace("'422'", "'451'", 1), "line 5, column 8: another temporary refusal: '451' instead of '422'"),
        (GUIDE.replace("Service", "Mail service", 1), "line 5, column 14: another refusal text"),
        (GUIDE.replace("log (1", "log (3", 1), "line 4, column 8: another log severity: 3 instead of 1"),
        (GUIDE.replace("}\nif", "};\nif", 1), "line 6, column 2: a ; too many"),
        (GUIDE.replace("internal();", "internal();;"), "line 1, column 12: a ; too many"),
        ("\ufeff" + GUIDE, "line 1, column 1: an invisible character (U+FEFF)"),
        (GUIDE.replace("if (", "if\u00a0(", 1), "line 3, column 3: a special space (U+00A0)"),
        (GUIDE.replace("internal", "\u200binternal"), "line 1, column 1: an invisible character (U+200B)"),
        ("\n".join(f"{n:02} | {line} |" for n, line in enumerate(LINES, 1)), "line 1: the guide's line numbers"),
        (
            "Zeile |\nCode |\n|---|---|\n" + "\n".join(f"{n:02} |\n{line} |" for n, line in enumerate(LINES, 1)),
            "line 1: the",
        ),
        ("virus_check();\n" + GUIDE, "line 1, column 1: virus_check(); stands before the command"),
        (GUIDE + "drop('555');", "line 15, column 1: drop('555'); after the command refuses every mail"),
    ],
)
def test_what_differs_without_harm_is_warned_with_its_place(text: str, message: str) -> None:
    outcome, sentence = only(text)

    assert outcome == "warned"
    assert sentence.startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the field is empty"),
        ("\n".join("# " + line for line in LINES), "the command is commented out"),
        (GUIDE.replace("'true'", '"true"', 1), 'line 3, column 54: the quote " is none'),
        (GUIDE.replace("'eq:s'", "\u2018eq:s\u2019"), "line 7, column 47: the quote \u2018 is none"),
        (GUIDE.replace("'422'", "'555'", 1), "line 5, column 8: the code 555 refuses mail for good"),
        (GUIDE.replace("'422'", "'42'", 1), "line 5, column 8: '422' should stand there, and '42' does"),
        (GUIDE.replace("'422','Service temporary not available'", "", 1), "line 5, column 8: '422' should stand there"),
        (GUIDE.replace("eq:s", "eq:r"), "line 7, column 47: 'eq:s' should stand there, and 'eq:r' does"),
        (GUIDE.replace("'eq:r'", "'ne:r'"), "line 3, column 47: 'eq:r' should stand there, and 'ne:r' does"),
        (GUIDE.replace("disable_delivery", "disable delivery", 1), "line 3, column 28: 'disable_delivery' should"),
        (GUIDE.replace("disable_", "disable\u200b_", 1), "line 3, column 28: 'disable_delivery' should"),
        (GUIDE.replace("'true'", "'false'", 1), "line 3, column 54: 'true' should stand there, and 'false' does"),
        (GUIDE.replace("incoming();\n", ""), "line 2, column 1: incoming(); should stand there"),
        (GUIDE.replace("incoming();\n", "incoming();\nx();\n"), "line 3, column 1: x(); stands between"),
        (GUIDE.replace("}\nif", "}\nx();\nif", 1), "line 7, column 1: x(); stands between"),
        ("drop('555');\n" + GUIDE, "line 1, column 1: drop('555'); ends processing"),
        ("deliver();\n" + GUIDE, "line 1, column 1: deliver(); ends processing"),
        ("{ drop(); }\n" + GUIDE, "line 1, column 1: { ends processing"),
        ("hold = { " + GUIDE + "};", "the command stands in the macro hold, which nobody calls"),
        ("if (x()) {\n" + GUIDE + "}", "the command stands inside if (x()) (line 1, column 1)"),
        (GUIDE[: GUIDE.rindex("}")], "line 11, column 61: the brace { has no partner"),
        (GUIDE + "}", "line 15, column 1: the brace } has no partner"),
        (
            GUIDE.replace("drop('422','Service temporary not available');", "x();", 1),
            "line 5, column 3: drop should stand",
        ),
        (GUIDE.replace("\n  drop", "\n  x();\n  drop", 1), "line 3, column 1: the block holds other commands"),
        (GUIDE.replace("internal();", "internal()", 1), "line 2, column 1: ; should stand there, and incoming does"),
        ("\n".join(LINES[:10]), "if (compare_extended_field('disable_delivery', 'eq', 'true')) { ... } is missing"),
        ("hello world", "line 1, column 1: internal(); should stand there, and hello world does"),
    ],
)
def test_what_would_not_hold_mail_fails_at_the_first_difference(text: str, message: str) -> None:
    remarks = [sentence for outcome, sentence in told(text) if outcome == "failed"]

    assert remarks
    assert remarks[0].startswith(message)


def test_an_if_with_an_else_is_another_command() -> None:
    text = GUIDE.rstrip().removesuffix("}") + "} else { x(); }"

    assert "failed" in {outcome for outcome, _ in told(text)}


def test_a_macro_bomb_ends() -> None:
    bomb = "a = { x(); x(); };\n" + "".join(
        f"{chr(98 + n)} = {{ ${chr(97 + n)}; ${chr(97 + n)}; }};\n" for n in range(24)
    )

    assert told(bomb + "$y;" + GUIDE)[0][0] == "failed"


@given(st.text(max_size=400) | st.text(alphabet="{}();'\"#$= \nabif", max_size=400))
def test_any_text_ends_in_remarks_and_never_passes(text: str) -> None:
    assert any(remark.outcome is Outcome.FAILED for remark in examine(text))


SPACES = st.text(alphabet=" \t\n", max_size=3) | st.just(" # note 'x\n")


@given(st.data())
def test_any_spacing_and_commenting_of_the_guides_lines_passes(data: st.DataObject) -> None:
    tokens = read(GUIDE).tokens
    spaced = "".join(data.draw(SPACES) + (" " if token.kind is Kind.WORD else "") + str(token) for token in tokens)

    assert told(spaced) == []


WORDS = list(re.finditer(r"'[^']*'|\w+|[^\s\w]", GUIDE))
FREE = "temporary disabled delivery"


@given(st.sampled_from(WORDS), st.sampled_from(["", "x", "'x'", ";", "(", "}", "#", "'"]))
def test_no_change_of_one_token_passes_silently(token: re.Match[str], other: str) -> None:
    if token[0].startswith(f"'{FREE}") and other == "'x'":
        return  # the text of log() is free
    if token[0] == other:
        return

    assert told(GUIDE[: token.start()] + other + GUIDE[token.end() :])
