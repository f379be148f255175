"""What a step on the gateway leaves in the record: every fact that a remediation promises has its key there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from seppcheck.judgement.hold_command import GUIDE_COMMAND
from seppcheck.model.changes import FactImage
from seppcheck.model.checklist import RecordEntry
from seppcheck.model.targets import Domain, Gateway
from seppcheck.record import entries
from seppcheck.record.keys import parsed
from seppcheck.record.questions import question_of
from tests.checklist.situations import change, hold

GATEWAY, DOMAIN = Gateway("secure.example.org"), Domain("example.org", "example")
CUSTOMERS = {"example.org": "example"}
REMEDIATIONS = Path(__file__).resolve().parents[2] / "remediations"
SEEN_ELSEWHERE = {"AcceptedDomainMx", "SenderCertificate"}
"""Facts that show in DNS, or whose value is a file that only a person knows."""


@pytest.mark.parametrize(
    ("image", "found"),
    [
        (FactImage("builtin-mta", GATEWAY, {"enabled": True}), [("mail_system.use_builtin_mta", True)]),
        (FactImage("smarthost", DOMAIN, {"host": ""}), [('domains."example.org".smarthost', "")]),
        (
            FactImage("delivery-hold", DOMAIN, {"customer_value": "true", "domain_value": "true"}),
            [
                ("customers.example.extended_fields.disable_delivery", "true"),
                ('domains."example.org".extended_fields.disable_delivery', "true"),
            ],
        ),
        (
            FactImage("delivery-hold", DOMAIN, {"groups_override": False}),
            [("mail_processing.groups_override_hold", False)],
        ),
    ],
)
def test_a_fact_has_its_keys_and_values(image: FactImage, found: list[tuple[str, object]]) -> None:
    assert entries.entries_of(change(1, after=image), CUSTOMERS) == tuple(RecordEntry(*each) for each in found)


def test_a_hold_of_an_unknown_customer_has_no_key_that_is_guessed() -> None:
    assert entries.entries_of(hold(1), {}) == ()


def test_the_custom_command_is_entered_whole_and_active() -> None:
    found = entries.entries_of(change(1, check="custom-command", after=None), {})
    assert [(each.key, each.value) for each in found] == [
        ("custom_commands.before_processing", GUIDE_COMMAND),
        ("mail_processing.ruleset_type", "Generator"),
        ("mail_processing.ruleset_generated", True),
    ]


def test_the_name_is_what_helo_says_when_it_is_right() -> None:
    (entry,) = entries.entries_of(change(1, check="smtp-helo", after=None), {})
    assert (entry.key, entry.value) == ("mail_system.smtp_helo", "secure.example.org")


def test_every_fact_that_a_remediation_promises_has_its_key_in_the_record() -> None:
    kinds = {(kind.title().replace("-", ""), field) for kind, field in entries.PLACES}
    missing = []
    for path in REMEDIATIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "after" and isinstance(node.value, ast.Call):
                call = node.value
                if getattr(call.func, "id", "") != "FactImage" or not isinstance(call.args[2], ast.Dict):
                    continue
                kind = ast.unparse(call.args[0]).removesuffix(".kind")
                missing += [
                    (path.stem, kind, key.value)
                    for key in call.args[2].keys
                    if isinstance(key, ast.Constant) and (kind, key.value) not in kinds and kind not in SEEN_ELSEWHERE
                ]
    assert missing == [("gateway_smarthost", "Smarthost", "listed")]  # REST alone shows that a domain is there


def test_every_key_is_one_that_the_record_asks_for() -> None:
    for place in entries.PLACES.values():
        named = tuple({"<domain>": "example.org", "<customer>": "example"}.get(part, part) for part in place)
        assert question_of(named)


def test_what_is_asked_for_names_the_domain() -> None:
    (asked,) = entries.asked_of("sender-certificate", "example.org")
    assert parsed(asked.key) == ("domains", "example.org", "certificate")
    menu, words = entries.questions_for("sender-certificate", "example.org")
    assert "Managed Domains > example.org > SSL Certificate" in str(menu)
    assert "Which file holds the certificate" in str(words)
