from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
import tree_sitter
from hypothesis import given, settings
from hypothesis import strategies as st

from seppcheck.model.changes import ChangeKind, ExchangeImage
from seppcheck.model.plans import MigrationPlan
from seppcheck.planning.exchange_images import EXACT, NOT_COMPARED, READ_ONLY_OF_RULES, RULE_DEFAULTS
from seppcheck.reports.plan_powershell import to_powershell
from seppcheck.reports.powershell_literals import for_script
from tests.reports.hostile import hostile_plan
from tests.reports.plans import (
    ALLOWED,
    INLINE,
    NEW_MX,
    OLD_MX,
    PARALLEL,
    RECEIVING,
    RENAMED,
    RESTING,
    SENDING,
    by_hand,
    change,
    completion_plan,
    cutover_plan,
    plan_of,
)
from tests.reports.powershell_tree import every, parse, said, text_of

ONLY_IN_7 = ("-AsArray", "??", "?.", "-AsUTC", "utf8NoBOM", "&&", "||", "-Parallel", "Join-String")
CHANGING = re.compile(r"(New|Set|Enable|Disable|Remove)-(InboundConnector|OutboundConnector|TransportRule|Hosted\w+)")

CANARIES = (
    "'; Remove-TransportRule -Identity x; '",
    "\u2019; Remove-TransportRule x; \u2018\u201a\u201b",
    '"; Remove-TransportRule x; "',
    "$(Remove-TransportRule x)",
    "`'; Remove-TransportRule x #",
    "\nRemove-TransportRule x\n",
    "\r\nRemove-TransportRule x\r\n",
    "#>\nRemove-TransportRule x\n<#",
    "'@\nRemove-TransportRule x\n@'",
    '"@\nRemove-TransportRule x\n@"',
    "\u2028Remove-TransportRule x\u2028\u0085\x00\x1a",
    "${x} $x @x {0} {1}",
    "--%; Remove-TransportRule x",
    "SIG # Begin signature block",
    "Requires -Version 99",
    "\U0001f600\udc80\uffff",
    "'",
    "''",
    "",
)


def commands(node: tree_sitter.Node) -> Iterator[tuple[str, str]]:
    """Yield the name and the source of every command."""
    for found in every(node, "command"):
        name = next(every(found, "command_name"), None)
        if name is not None:
            yield text_of(name), text_of(found)


def changing(script: str) -> list[str]:
    return [source.strip() for name, source in commands(parse(script)) if CHANGING.fullmatch(name)]


def skeleton(node: tree_sitter.Node) -> list[str]:
    """Return the tokens of a script without its comments, every string, and every list of some, a placeholder."""
    if node.type == "comment":
        return []
    if node.type == "string_literal" or (node.type == "parenthesized_expression" and _is_a_string(node)):
        return ["TEXT"]
    if not node.children:
        return [text_of(node).strip()] if text_of(node).strip() else []
    tokens: list[str] = []
    for token in (token for child in node.children for token in skeleton(child)):
        if [*tokens[-2:], token] == ["TEXT", ",", "TEXT"]:
            tokens.pop()
        else:
            tokens.append(token)
    return tokens


def _is_a_string(node: tree_sitter.Node) -> bool:
    leaves = {leaf.type for leaf in every(node) if not leaf.children}
    return leaves <= {"verbatim_string_characters", "hexadecimal_integer_literal", "type_identifier", *"()[]+"}


def strings(node: tree_sitter.Node) -> Iterator[str]:
    """Yield what every string of a script says."""
    if node.type == "string_literal" or (node.type == "parenthesized_expression" and _is_a_string(node)):
        yield said(node)
        return
    for child in node.children:
        yield from strings(child)


PLANS = [cutover_plan(), cutover_plan(language="de"), completion_plan(), plan_of(by_hand("1")), plan_of()]


@pytest.mark.parametrize("plan", PLANS)
def test_the_script_is_sound_and_in_ascii(plan: MigrationPlan) -> None:
    script = to_powershell(plan)
    assert script.isascii()
    parse(f"{script}$null\n")  # the grammar has no program of comments alone


@pytest.mark.parametrize("plan", [*PLANS, hostile_plan()])
def test_no_string_expands_anything_and_no_comment_spans_lines(plan: MigrationPlan) -> None:
    tree = parse(f"{to_powershell(plan)}$null\n")
    kinds = Counter(node.type for node in every(tree))
    assert not [kind for kind in kinds if "expandable" in kind or kind == "sub_expression"]
    assert not [node for node in every(tree, "comment") if "\n" in text_of(node)]
    assert {node.type for node in every(tree) if "string" in node.type and not node.children} <= {
        "verbatim_string_characters"
    }


@pytest.mark.parametrize("canary", CANARIES)
def test_hostile_text_changes_nothing_but_strings_and_comments(canary: str) -> None:
    script = to_powershell(hostile_plan(canary))
    tree = parse(script)
    assert skeleton(tree) == skeleton(parse(to_powershell(hostile_plan("x" * bool(canary)))))
    assert INLINE.name + canary in set(strings(tree))
    assert "192.0.2.7" + canary in set(strings(tree))


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(codec=None, categories=None), max_size=30).map(lambda canary: f"x{canary}"))
def test_any_text_changes_nothing_but_strings_and_comments(canary: str) -> None:
    tree = parse(to_powershell(hostile_plan(canary)))
    assert skeleton(tree) == HARMLESS
    assert INLINE.name + canary in set(strings(tree))


HARMLESS = skeleton(parse(to_powershell(hostile_plan("x"))))


@pytest.mark.parametrize("canary", CANARIES)
def test_every_comment_line_begins_so_that_it_is_no_directive_and_no_signature(canary: str) -> None:
    script = to_powershell(hostile_plan(canary))
    assert [line for line in script.splitlines() if line.lower().startswith("#requires")] == ["#Requires -Version 5.1"]
    assert not re.search(r"(?im)^\s*#\s*sig\s*#", script)


@pytest.mark.parametrize("name", ["A B", "Name; Remove-Item x", "-Identity", "a'b", "", "Ä", "$x"])
def test_a_property_whose_name_is_no_parameter_is_left_to_people(name: str) -> None:
    after = replace(RENAMED, properties={**RENAMED.properties, name: "x"})
    script = to_powershell(plan_of(change("1", PARALLEL, after), change("2", RENAMED, RESTING)))
    parse(script)
    assert len(changing(script)) == 1
    assert "Wait-ForPerson -Step '1'" in script


def test_an_object_of_another_sort_is_left_to_people() -> None:
    strange = ExchangeImage("Mailbox; Remove-Item", "x", {"Name": "x"})
    script = to_powershell(plan_of(change("1", None, strange), change("2", RENAMED, RESTING)))
    assert changing(script) == [
        "Disable-TransportRule -Identity ([string]$found.Guid) -Confirm:$false -ErrorAction Stop"
    ]


def test_the_changes_are_those_that_apply_makes() -> None:
    end = "-Confirm:$false -ErrorAction Stop"
    by_guid = "-Identity ([string]$found.Guid)"
    assert changing(to_powershell(cutover_plan())) == [
        (
            f"New-OutboundConnector -Name '{SENDING.name}' -Enabled $true -ConnectorType 'Partner' "
            "-IsTransportRuleScoped $true -UseMXRecord $false -SmartHosts @('secure.example.org') "
            f"-TlsSettings 'CertificateValidation' {end}"
        ),
        f"Set-OutboundConnector {by_guid} -ValidationRecipients @('postmaster@example.net') {end}",
        (
            f"New-InboundConnector -Name '{RECEIVING.name}' -Enabled $false -ConnectorType 'Partner' "
            f"-SenderDomains @('*') -RequireTls $true -TlsSenderCertificateName '*.example.org' {end}"
        ),
        f"Set-TransportRule {by_guid} -Name '{RENAMED.name}' {end}",
        (
            f"New-TransportRule -Name '{INLINE.name}' -Mode 'Enforce' -SenderDomainIs @('example.org', 'example.net') "
            f"-RouteMessageOutboundConnector '{SENDING.name}' -ExceptIfSCLOver 9 -Enabled $true {end}"
        ),
        f"Disable-TransportRule {by_guid} {end}",
        f"Set-InboundConnector {by_guid} -Enabled $true {end}",
        f"Set-HostedConnectionFilterPolicy {by_guid} -IPAllowList @{{ 'Remove' = @('203.0.113.25') }} {end}",
    ]


def test_what_is_removed_is_named_by_the_guid_that_was_found() -> None:
    assert changing(to_powershell(completion_plan())) == [
        "Remove-TransportRule -Identity ([string]$found.Guid) -Confirm:$false -ErrorAction Stop"
    ]


def test_what_is_taken_away_from_a_rule_is_set_to_null() -> None:
    bare = replace(PARALLEL, properties={n: v for n, v in PARALLEL.properties.items() if not n.startswith("Except")})
    (call,) = changing(to_powershell(plan_of(change("1", PARALLEL, bare))))
    assert "-ExceptIfSenderDomainIs $null" in call
    assert "-ExceptIfMessageTypeMatches $null" in call


@pytest.mark.parametrize("plan", [cutover_plan(), completion_plan()])
def test_nothing_is_changed_but_where_should_process_said_so(plan: MigrationPlan) -> None:
    tree = parse(to_powershell(plan))
    for node in every(tree, "command"):
        name = next(every(node, "command_name"), None)
        if name is None or not CHANGING.fullmatch(text_of(name)):
            continue
        above, conditions = node, []
        while above.parent is not None:
            above = above.parent
            if above.type == "if_statement":
                conditions.append(text_of(above).split("{")[0])
        assert any("$due -ne 'nothing' -and (Confirm-Step -Cmdlet $PSCmdlet" in each for each in conditions)


def test_no_pipeline_feeds_a_change() -> None:
    for pipeline in every(parse(to_powershell(cutover_plan())), "pipeline_chain"):
        source = text_of(pipeline)
        assert not re.search(rf"\|\s*{CHANGING.pattern}", source), source


def test_each_step_looks_the_object_up_by_guid_and_new_ones_by_name() -> None:
    script = to_powershell(cutover_plan())
    found = re.findall(r"(?m)^\$found = Find-PlanObject -Noun '(\w+)' -Guid '([^']*)'", script)
    assert found == [
        ("OutboundConnector", ""),
        ("InboundConnector", ""),
        ("TransportRule", PARALLEL.guid),
        ("TransportRule", ""),
        ("TransportRule", PARALLEL.guid),
        ("InboundConnector", ""),
        ("HostedConnectionFilterPolicy", ALLOWED.guid),
    ]


def test_what_is_there_is_kept_before_anything_else_and_the_tenant_is_compared() -> None:
    script = to_powershell(cutover_plan())
    first = script.index("\nWait-ForPerson -Step")
    assert "Assert-Tenant -Tenant 'example.onmicrosoft.com'\nif (-not $WhatIfPreference) { Export-Present }\n" in script
    assert script.index("\nif (-not $WhatIfPreference) { Export-Present }") < first
    assert "Assert-Tenant -Tenant" not in to_powershell(cutover_plan(tenant=""))


def test_a_step_whose_object_has_moved_on_is_done() -> None:
    script = to_powershell(cutover_plan())
    assert "-Step '6' -Noun 'TransportRule' -Found $found -Before $before -After $after -Later @(@{ 'State' =" in script
    gone = plan_of(change("1", PARALLEL, RENAMED), change("2", RENAMED, RESTING), change("3", RESTING, None))
    due = re.findall(r"Get-Due -Step '(\d)'.* -Later (.*) -LaterGone (\S+)", to_powershell(gone))
    assert due == [("1", "@(@{ 'State' = 'Disabled' })", "$true"), ("2", "@()", "$true"), ("3", "@()", "$false")]


def test_others_steps_pause_in_their_place() -> None:
    script = to_powershell(cutover_plan())
    assert re.findall(r"(?m)^Wait-ForPerson -Step '(\d+)'", script) == ["1", "2", "3", "9", "10"]
    assert "'  Enter this as disable_delivery:', '  true'" in script
    assert "if ($SkipPause -contains $Step)" in script


def test_exchange_steps_that_people_make_are_in_it_as_well() -> None:
    script = to_powershell(plan_of(change("1", RENAMED, RESTING, kind=ChangeKind.MANUAL)))
    assert len(changing(script)) == 1


def test_a_proof_is_a_pause() -> None:
    assert "Wait-ForPerson -Step '2'" in to_powershell(completion_plan())


def test_a_plan_without_exchange_changes_is_comments_alone() -> None:
    script = to_powershell(plan_of(by_hand("1"), change("2", OLD_MX, NEW_MX)))
    assert all(line.startswith("#") or not line for line in script.splitlines())
    assert "# | There is nothing in it that a script could change in Exchange Online." in script
    assert "Enter this as disable_delivery:\n" in script


def test_it_knows_of_exchange_what_apply_knows() -> None:
    said_so = {
        "exact": for_script(sorted(EXACT)),
        "notCompared": for_script(sorted(NOT_COMPARED)),
    }
    script = to_powershell(cutover_plan())
    for name, value in said_so.items():
        assert f"${name} = {value}\n" in script
    (read_only,) = re.findall(r"(?m)^\$readOnly = (.*)$", script)
    assert set(re.findall(r"'(\w+)'", read_only)) > READ_ONLY_OF_RULES
    for name, value in RULE_DEFAULTS.items():
        assert f"    '{name}' = '{value.lower()}'\n" in script


def test_what_is_shown_on_the_screen_holds_no_control_character() -> None:
    script = to_powershell(hostile_plan("\x1b]0;x\x07\x9b"))
    shown = [source for name, source in commands(parse(script)) if name in ("Wait-ForPerson", "Confirm-Step")]
    assert len({source.split()[0] for source in shown}) == 2
    assert not [source for source in shown if "[char]0x001B" in source or "[char]0x009B" in source]


def test_it_needs_nothing_that_only_powershell_7_knows() -> None:
    script = to_powershell(cutover_plan())
    code = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("#"))
    assert not [word for word in ONLY_IN_7 if word in code]


def test_every_function_and_every_saying_that_is_used_is_there() -> None:
    script = to_powershell(cutover_plan())
    made = set(re.findall(r"(?m)^function ([\w-]+) \{", script))
    used = {name for name, _ in commands(parse(script))}
    own = {
        name
        for name in used
        if re.search(r"-(Plan\w+|Step|Due|Difference|Done|Same\w+|Comparable|Person|Present|Shown|Tenant)$", name)
    }
    assert own <= made
    assert made <= used
    sayings = set(re.findall(r"\$say\.(\w+)", script))
    told = set(re.findall(r"(?m)^    '(\w+)' = ", script.split("$say = @{")[1].split("}\n$exact")[0]))
    assert sayings == told


@pytest.mark.parametrize("language", ["en", "de"])
def test_sayings_get_as_many_parameters_as_they_have_fields(language: str) -> None:
    script = to_powershell(cutover_plan(language=language))
    table = dict(re.findall(r"(?m)^    '(\w+)' = (.*)$", script.split("$say = @{")[1].split("}\n$exact")[0]))
    for name, arguments in re.findall(r"\$say\.(\w+) -f ([^\n]*)", script):
        fields = {int(number) for number in re.findall(r"\{(\d)\}", table[name])}
        assert fields == set(range(len(fields)))
        assert len(fields) <= arguments.count(",") + 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=6,
)


@given(VALUES)
def test_every_value_is_an_expression(value: object) -> None:
    expression = for_script(value)
    assert expression.isascii()
    parse(f"$x = {expression}\n")


@pytest.mark.parametrize(
    ("value", "expression"),
    [
        (None, "$null"),
        (True, "$true"),
        (False, "$false"),
        (-1, "-1"),
        (2**70, f"'{2**70}'"),
        (1.5, "1.5"),
        (float("nan"), "'nan'"),
        ("", "''"),
        ("it's", "'it''s'"),
        ("a\nb", "('a' + [char]0x000A + 'b')"),
        ("\u2019", "('' + [char]0x2019)"),
        ("\U0001f600", "('' + [char]0xD83D + [char]0xDE00)"),
        ([], "@()"),
        (("a", 1), "@('a', 1)"),
        ({"a": None}, "@{ 'a' = $null }"),
    ],
)
def test_values_are_written_as_powershell_has_them(value: object, expression: str) -> None:
    assert for_script(value) == expression
