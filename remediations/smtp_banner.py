"""Have the gateway greet with its PTR name."""

from __future__ import annotations

from seppcheck.api import (
    Gateway,
    Greeting,
    ManualStep,
    Message,
    PlanPhase,
    Proposal,
    SmtpGreeting,
    System,
    at_menu,
    host_name,
    remediation,
    text,
)

_MENU = text("Mail System > SMTP Settings > SMTP server banner string")


@remediation("smtp-banner", kind="manual", phases=["readiness", "cutover"])
def greet_with_the_ptr_name(gateway: Gateway, greeting: SmtpGreeting, phase: PlanPhase) -> Proposal:
    """Have the banner changed at every node that greets otherwise; what is heard then decides, so no image is given."""
    del gateway
    wrong = {host_name(each.node): each for each in greeting.greetings if each.lines and not _is_right(each)}
    return [_change(wrong, phase)] if wrong else []


def _is_right(greeting: Greeting) -> bool:
    return host_name(_first_word(greeting.lines[-1])) == host_name(greeting.node)


def _first_word(line: str) -> str:
    return next(iter(line.split()), "")


def _change(wrong: dict[str, Greeting], phase: PlanPhase) -> ManualStep:
    return ManualStep(
        summary=text("Let {nodes} greet with the name of the PTR record", nodes=tuple(wrong)),
        why=text("receivers and filters compare the name in the greeting with the PTR record of the address"),
        system=System.GATEWAY,
        steps=(
            *at_menu(_MENU, *(_enter(node, each) for node, each in wrong.items())),
            text("Where the field says so already, another program answers on port 25: look at the firewall."),
            text("Look: `seppcheck {phase} --only smtp-banner`.", phase=phase.phase.value),
        ),
        undo=at_menu(_MENU, *(_enter_again(node, each) for node, each in wrong.items())),
    )


def _enter(node: str, heard: Greeting) -> Message:
    return text(
        "On {node}, enter as the first word: {node} (it greets as {word} now)",
        node=node,
        word=_first_word(heard.lines[-1]) or "-",
    )


def _enter_again(node: str, heard: Greeting) -> Message:
    return text("On {node}, enter again: {line}", node=node, line=heard.lines[-1] or "-")
