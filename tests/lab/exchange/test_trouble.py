"""What becomes of a command that writes when the lab is told so."""

from __future__ import annotations

import http.client

import pytest

from seppcheck.lab.exchange.tokens import GLOBAL_READER
from tests.peers.https_client import Exchange

NEW = {"SenderDomains": ["*"]}


def names(exchange: Exchange) -> list[str]:
    return [o["Name"] for o in exchange.run("Get-InboundConnector")]


@pytest.mark.parametrize(("mishap", "status"), [("refused", 400), ("throttled", 429), ("failed-before", 503)])
def test_what_is_turned_away_has_no_effect(inline: Exchange, mishap: str, status: int) -> None:
    inline.service.trouble.spoil(mishap)
    assert inline.invoke("New-InboundConnector", Name="in", **NEW).status == status
    assert "in" not in names(inline)
    assert inline.run("New-InboundConnector", Name="in", **NEW)


@pytest.mark.parametrize(("mishap", "effect"), [("lost-before", False), ("lost-after", True)])
def test_a_lost_connection_says_nothing_about_the_effect(inline: Exchange, mishap: str, effect: bool) -> None:
    inline.service.trouble.spoil(mishap)
    with pytest.raises(http.client.RemoteDisconnected):
        inline.invoke("New-InboundConnector", Name="in", **NEW)
    assert ("in" in names(inline)) is effect


@pytest.mark.parametrize(("mishap", "effect"), [("silent-before", False), ("silent-after", True)])
def test_an_answer_may_never_come(inline: Exchange, mishap: str, effect: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    inline.service.trouble.spoil(mishap)
    connect = http.client.HTTPSConnection.connect

    def impatient(self: http.client.HTTPSConnection) -> None:
        connect(self)
        self.sock.settimeout(1.0)

    monkeypatch.setattr(http.client.HTTPSConnection, "connect", impatient)
    with pytest.raises(TimeoutError):
        inline.invoke("New-InboundConnector", Name="in", **NEW)
    monkeypatch.undo()
    assert ("in" in names(inline)) is effect


def test_a_command_may_have_run_although_a_server_on_the_way_gave_up(inline: Exchange) -> None:
    inline.service.trouble.spoil("failed-after")
    assert inline.invoke("New-InboundConnector", Name="in", **NEW).status == 503
    assert "in" in names(inline)


def test_what_was_made_may_be_unseen_by_the_next_commands(inline: Exchange) -> None:
    inline.service.trouble.spoil("half-visible", unseen=2)
    assert inline.run("New-InboundConnector", Name="in", **NEW)
    assert ["in" in names(inline) for _ in range(3)] == [False, False, True]
    inline.run("New-InboundConnector", Name="other", **NEW)
    assert "other" in names(inline)


def test_it_is_aimed_at_a_cmdlet_and_strikes_once(inline: Exchange) -> None:
    inline.service.trouble.spoil("refused", "remove-inboundconnector")
    assert inline.run("New-InboundConnector", Name="in", **NEW)
    assert "told to refuse" in inline.refusal("Remove-InboundConnector", Identity="in")
    inline.run("Remove-InboundConnector", Identity="in")
    assert "in" not in names(inline)


def test_it_is_aimed_at_the_nth_write_and_reads_do_not_count(inline: Exchange) -> None:
    inline.service.trouble.spoil("refused", nth=3)
    for name in ("a", "b"):
        inline.run("Get-InboundConnector")
        inline.run("New-InboundConnector", Name=name, **NEW)
    inline.refusal("New-InboundConnector", Name="c", **NEW)
    assert not {"a", "b"} - set(names(inline))


def test_it_is_aimed_at_the_nth_call_of_a_cmdlet(inline: Exchange) -> None:
    inline.service.trouble.spoil("refused", "Set-InboundConnector", 2)
    inline.run("New-InboundConnector", Name="in", **NEW)
    inline.run("Set-InboundConnector", Identity="in", Comment="1")
    inline.refusal("Set-InboundConnector", Identity="in", Comment="2")
    inline.run("Set-InboundConnector", Identity="in", Comment="3")


def test_several_strike_one_after_the_other(inline: Exchange) -> None:
    for mishap in ("refused", "throttled", "refused"):
        inline.service.trouble.spoil(mishap)
    answers = [inline.invoke("New-InboundConnector", Name="in", **NEW).status for _ in range(4)]
    assert answers == [400, 429, 400, 200]


def test_what_exchange_would_refuse_is_refused_and_leaves_the_mishap_without_effect(inline: Exchange) -> None:
    inline.service.trouble.spoil("lost-after")
    assert "couldn't be found" in inline.refusal("Remove-InboundConnector", Identity="none")


def test_only_what_was_run_or_refused_counts_as_run(inline: Exchange) -> None:
    for mishap in ("refused", "throttled", "failed-before", "failed-after"):
        inline.service.trouble.spoil(mishap)
        inline.invoke("New-InboundConnector", Name="in", **NEW)
    assert inline.service.invoked == ["New-InboundConnector"] * 2


def test_a_mishap_that_is_none_is_a_mistake(inline: Exchange) -> None:
    with pytest.raises(ValueError, match="exploded"):
        inline.service.trouble.spoil("exploded")


def test_it_tells_which_cmdlets_the_app_may_call_unless_told_otherwise(inline: Exchange) -> None:
    def told() -> set[str]:
        token = inline.token().json["access_token"]
        path = f"/adminapi/v1.0/{inline.tenant.guid}/EXOModuleFile?Version=3.9.2"
        answer = inline.client.ask("GET", path, Authorization=f"Bearer {token}", CommandName="*")
        return set(answer.json["value"][0]["exportedCmdlets"].split(",")) if answer.status == 200 else set()

    assert "New-TransportRule" in told()
    inline.service.app.directory_roles = (GLOBAL_READER,)
    assert "Get-TransportRule" in told()
    assert "New-TransportRule" not in told()
    inline.service.trouble.tells_cmdlets = False
    assert not told()
