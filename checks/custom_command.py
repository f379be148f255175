"""The custom command that can hold mail back."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.api import (
    ALL,
    CustomCommands,
    Failed,
    Finding,
    Firmware,
    Gateway,
    Message,
    Passed,
    Result,
    Severity,
    Unavailable,
    Warned,
    check,
    examine_command,
    text,
)

_SINCE = (13, 0, 0)


@check("custom-command", requirements=["P8"], severity=Severity.BLOCKER, phases=ALL)
def hold_command_is_active(gateway: Gateway, commands: CustomCommands, firmware: Firmware | Unavailable) -> Result:
    """The guide's custom command is there, reachable and active.

    During the night of the move the gateway has to tell the world "come back later" instead of taking mail
    that it cannot hand over yet. The guide (P8, chapter Vorarbeiten) does this with 14 lines before processing:
    they refuse mail with 422 while the extended field disable_delivery is true. If they are missing, mail is
    taken and may be lost or bounced; if they refuse with a code 5xx, senders give up at once.

    The vendor publishes no grammar, so the comparison is deliberate: white space, comments and line breaks mean
    nothing; what stands in single quotes counts to the letter. The text of log() is free. Another refusal text,
    another code 4xx, `==` or `is` for `eq`, other capital letters, an extra semicolon, invisible characters and
    other commands before the block are warned. Macros are expanded; a macro that nobody calls is not there.

    A command that is saved but not part of the active ruleset does nothing: with the ruleset type "Upload" the
    field has no effect, and after each change the ruleset must be generated. The command needs firmware 13.0.0.

    To mend:
    - Mail Processing > Custom macros and commands for all e-mails BEFORE processing: enter the guide's 14 lines,
      in single quotes, before everything else.
    - Save and create the ruleset. If Mail Processing shows the ruleset type "Upload", change it to "Generator" first.
    - Write it down: seppcheck attest --only custom-command.

    Sources:
    - The guide, P8: Vorarbeiten, Custom Command
    - docs.seppmail.com: compare_extended_field, drop, log, internal, incoming, macros
    """
    subject = commands.file or gateway.name
    remarks = [
        Finding(each.outcome, each.message, None, subject, _shown(each.expected), _shown(each.found))
        for each in examine_command(commands.text)
    ]
    findings = remarks or [Passed("the guide's 14 lines are there", subject=subject)]
    return [*findings, *_active(commands, firmware)]


def _shown(value: str) -> Message | None:
    return text("{text}", text=value) if value else None


def _active(commands: CustomCommands, firmware: Firmware | Unavailable) -> Iterator[Finding]:
    yield _type(commands.ruleset_type)
    yield _generated(commands.ruleset_generated)
    if not isinstance(firmware, Unavailable) and firmware.release is not None and firmware.release < _SINCE:
        yield Failed(
            "firmware {version} does not know compare_extended_field: update to 13.0.0 or later",
            version=firmware.version,
            subject="firmware",
            expected="13.0.0",
            observed=firmware.version,
        )


def _type(found: str | None) -> Finding:
    if found is None:
        return Warned(
            "nobody wrote down the ruleset type: with Upload the command has no effect (Mail Processing shows it)",
            subject="ruleset type",
            expected="Generator",
        )
    if found.casefold() == "generator":
        return Passed("the active ruleset is generated, so the command can be part of it", subject="ruleset type")
    return Failed(
        "the active ruleset is of type {type}: the custom command has no effect in it",
        type=found,
        subject="ruleset type",
        expected="Generator",
        observed=found,
    )


def _generated(found: bool | None) -> Finding:
    if found is None:
        return Warned(
            "nobody wrote down whether the ruleset was generated since: saved is not yet active", subject="ruleset"
        )
    if found:
        return Passed("the ruleset was generated since the last change", subject="ruleset")
    return Failed(
        "the ruleset was not generated since the last change, so the command is not active", subject="ruleset"
    )
