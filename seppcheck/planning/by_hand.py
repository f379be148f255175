"""The steps of somebody who changes a setting on the gateway: where, what, Save, and how it shows."""

from __future__ import annotations

from seppcheck.model.text import Message, text

Steps = tuple[Message, ...]


def at_menu(menu: Message, *doing: Message) -> Steps:
    """Return the steps at one of the gateway's menus, in the words of the menus themselves, Save included."""
    return (text("On the gateway, open: {menu}", menu=menu), *doing, text("Click Save."))


def steps_at(menu: Message, *doing: Message, check: str, shown: Message) -> Steps:
    """Return the steps for a setting that a person then writes down, for no program can read it.

    Args:
        menu: where it stands.
        doing: what to do there, in order.
        check: the check that it answers.
        shown: what is to be answered when the record asks for it.
    """
    return (*at_menu(menu, *doing), written_down(check, shown))


def written_down(check: str, shown: Message) -> Message:
    """Return the step that writes an answer down, ready to copy."""
    return text(
        "Write it down: `seppcheck attest --only {check}`. The answer is now: {shown}", check=check, shown=shown
    )


def observed_steps_at(menu: Message, *doing: Message, check: str, shown: Message) -> Steps:
    """Return the steps for a setting that the gateway's API tells, where one is configured; the rest as `steps_at`."""
    return (
        *at_menu(menu, *doing),
        text(
            "Where no API of the gateway is configured, write it down: `seppcheck attest --only {check}`. "
            "The answer is now: {shown}",
            check=check,
            shown=shown,
        ),
    )
