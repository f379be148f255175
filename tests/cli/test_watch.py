"""A watched cutover on the lab: a clock that goes on when the watch waits, and hands that move mail meanwhile."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seppcheck import __version__
from seppcheck.cli import main
from seppcheck.lab.folder import HISTORY
from seppcheck.lab.webserver import Response
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.run import Request, concluded
from seppcheck.scenarios.appliances import DOMAINS
from seppcheck.scenarios.shape import GATEWAY
from seppcheck.watch import rounds
from tests.cli.conftest import Call
from tests.lab.walking import HOLD_OFF, HOLD_ON, INBOUND, Walk, walking

RULE = "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail"
GOLDEN = Path(__file__).with_name("watched_night.md")


@dataclass
class Watched:
    """Runs a watch on a walk's lab; `hands` are what happens so many seconds after it began."""

    walk: Walk
    capsys: pytest.CaptureFixture[str]
    hands: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    out: str = ""
    err: str = ""

    def __post_init__(self) -> None:
        self.walk.clock.now = self.walk.clock.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        self.began = self.walk.clock.now

    def at(self, seconds: float, hand: Callable[[], None]) -> None:
        self.hands.append((seconds, hand))

    def wait(self, seconds: float) -> None:
        self.walk.clock.wait(seconds=seconds)
        while self.hands and self.walk.clock.now >= self.began + timedelta(seconds=self.hands[0][0]):
            self.hands.pop(0)[1]()
            self.walk.lab.catch_up()

    def run(self, *options: str) -> int:
        config = ("--config", str(self.walk.lab.settings))
        code = main(["cutover", "--watch", "--lang", "en", *config, *options], clock=self.walk.clock, wait=self.wait)
        printed = self.capsys.readouterr()
        self.out, self.err = printed.out, printed.err
        return code

    @property
    def steps(self) -> list[str]:
        """The states that followed each other, as the lines tell them."""
        kinds = "Go|Done|Provisional|Wait|No go|Cannot tell"
        return re.findall(rf"UTC(?: \([^)]*\))?  \[(?:the watch began: )?((?:{kinds})[^\]]*)\]", self.out)

    def move_mx(self, *domains: str, ttl: int = 300) -> None:
        for domain in domains:
            self.walk.lab.names.replace(domain, "MX", f"0 {GATEWAY}.", ttl=ttl)

    def timeless(self, protocol: str) -> str:
        """Return it with times as minutes since the beginning, and without what differs from machine to machine."""

        def since(found: re.Match[str]) -> str:
            at = datetime.strptime(f"{found[1]} {found[2]}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
            return f"[{(at - self.began) // timedelta(minutes=1):+}{found[3] or ''}]"

        plain = protocol.replace("\\-", "-").replace("`", "")
        timed = re.sub(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d)(:\d\d)? UTC(?: \([^)]*\d\d:\d\d\))?", since, plain)
        ports = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", timed)
        return re.sub(r"Watched by: .*", "Watched by: somebody", ports).replace(__version__, "VERSION")

    def file(self, name: str) -> str:
        return (self.walk.lab.folder / name).read_text(encoding="utf-8")


@pytest.fixture
def watched(tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Iterator[Watched]:
    with walking(getattr(request, "param", "cutover"), tmp_path) as walk:
        yield Watched(walk, capsys)


def ctrl_c() -> None:
    raise KeyboardInterrupt


def hands_of_a_night(watched: Watched) -> None:
    """Begin without hold and without rule; then do what a migration does, minutes apart."""
    walk = watched.walk
    walk.edit(*HOLD_OFF)
    walk.run("Disable-TransportRule", Identity=RULE)
    walk.lab.catch_up()
    watched.at(130, lambda: walk.edit(HOLD_ON[0]))
    watched.at(400, lambda: ignore(walk.run("Enable-TransportRule", Identity=RULE)))
    watched.at(2500, lambda: watched.move_mx(*DOMAINS))
    watched.at(3100, lambda: ignore(walk.run("Set-InboundConnector", Identity=INBOUND, Enabled=True)))


def ignore(result: object) -> None:
    del result


STATES_OF_A_NIGHT = [
    "No go",
    "No go → Provisional",
    "Provisional → Go",
    "Go → Wait",
    "Wait → No go",
    "No go → Done",
]


def test_a_whole_night_and_its_protocol(watched: Watched) -> None:
    hands_of_a_night(watched)
    before = len(list((watched.walk.lab.folder / HISTORY).iterdir()))
    code = watched.run("--interval", "120", "--until", "done", *protocols(watched, "night.md", "night.html"))

    assert code == 0
    assert watched.steps == STATES_OF_A_NIGHT
    assert "✔ Done: switch the hold off: " in watched.out
    assert watched.timeless(watched.file("night.md")) == GOLDEN.read_text(encoding="utf-8")
    page = watched.file("night.html")
    assert all(f">{step}</span>" in page for step in STATES_OF_A_NIGHT[1:])
    assert page.index("failed → passed") < page.index("Done: switch the hold off</p>")
    written = len(list((watched.walk.lab.folder / HISTORY).iterdir())) - before
    assert written <= 7, "a record where something differs, not one a round"


def test_a_night_in_german(watched: Watched) -> None:
    watched.at(200, ctrl_c)
    assert watched.run("--lang", "de", *protocols(watched, "nacht.md", "nacht.html")) == 0
    assert "Los: Stellen Sie jetzt den MX-Record um" in watched.out
    assert 'lang="de"' in watched.file("nacht.html")


def test_ctrl_c_reports_the_last_state_and_finishes_the_protocol(watched: Watched) -> None:
    watched.at(90, ctrl_c)
    report = watched.walk.lab.folder / "run.json"
    code = watched.run("--json", str(report), *protocols(watched, "night.md"))

    assert code == 0
    assert watched.steps == ["Go"]
    assert json.loads(report.read_text(encoding="utf-8"))["next"] == "Go: move the MX now"
    assert "The watch was ended with Ctrl-C." in watched.file("night.md")


def test_ctrl_c_within_a_round_keeps_what_was_concluded_before(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(request: Request, phase: Phase) -> Run:
        run = concluded(request, phase)
        if request.clock() < watched.began + timedelta(seconds=60):
            return run
        return replace(run, interrupted=True, results=())

    monkeypatch.setattr(rounds, "concluded", interrupted)
    assert watched.run() == 0
    assert watched.steps == ["Go"]
    assert "✔ Go: move the MX now" in watched.out


def test_ctrl_c_within_the_first_round_reports_what_was_concluded(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(request: Request, phase: Phase) -> Run:
        run = concluded(request, phase)
        return replace(run, interrupted=True, next=None, results=run.results[:0])

    monkeypatch.setattr(rounds, "concluded", interrupted)
    assert watched.run(*protocols(watched, "night.md")) == 3
    assert watched.steps == ["Cannot tell"]
    assert "The watch was ended with Ctrl-C." in watched.file("night.md")


def test_ctrl_c_before_anything_was_seen_concludes_nothing(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "concluded", lambda *_: ctrl_c())
    assert watched.run(*protocols(watched, "night.md")) == 3
    assert "nothing was concluded" in watched.err
    assert not (watched.walk.lab.folder / "night.md").exists()


def test_a_process_that_is_interrupted_ends_with_the_state_and_one_that_is_killed_leaves_whole_files(
    watched: Watched,
) -> None:
    for send, ending, code in (
        (signal.SIGINT, "The watch was ended with Ctrl-C.", 0),
        (signal.SIGKILL, "The watch goes on, or was cut off: this is what it had seen by then.", -signal.SIGKILL),
    ):
        command = [sys.executable, "-m", "seppcheck", "cutover", "--watch", "--lang", "en", "--protocol", "night.md"]
        with subprocess.Popen(
            command, cwd=watched.walk.lab.folder, stdout=subprocess.PIPE, encoding="utf-8"
        ) as process:
            assert process.stdout is not None
            assert "[the watch began: Go]" in process.stdout.readline()
            process.send_signal(send)
            process.communicate(timeout=60)
            assert process.returncode == code
        protocol = watched.file("night.md")
        assert ending in protocol
        assert protocol.endswith(f"Written by seppcheck {__version__}.\n")


def test_a_name_server_that_dies_turns_go_into_cannot_tell(watched: Watched) -> None:
    dead = watched.walk.lab.names.servers["ns2.lab.test"]
    zones = dict(dead._zones)
    watched.at(30, dead._zones.clear)
    watched.at(90, lambda: dead._zones.update(zones))
    watched.at(150, ctrl_c)
    assert watched.run() == 0
    assert watched.steps == ["Go", "Go → Cannot tell", "Cannot tell → Go"]


def test_an_exchange_that_throttles_turns_go_into_cannot_tell_and_is_left_alone_longer(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = watched.walk.lab.exchange
    assert service is not None
    asked: list[float] = []
    began: list[datetime] = []

    def counted(request: Request, phase: Phase) -> Run:
        began.append(request.clock())
        return concluded(request, phase)

    def throttle() -> None:
        service.trouble.throttle, service.trouble.retry_after = 1000, "3600"

    def count() -> None:
        asked.append(service.trouble.throttle)

    watched.at(60, throttle)
    for seconds in range(200, 2400, 100):
        watched.at(seconds, count)
    watched.at(2400, ctrl_c)
    monkeypatch.setattr(rounds, "concluded", counted)
    assert watched.run("--interval", "300") == 3
    assert len(began) <= 9, "nothing is due more often because something is missing"
    assert watched.steps == ["Go", "Go → Cannot tell"]
    rounds_asked = sum(one != other for one, other in itertools.pairwise([1000, *asked]))
    assert rounds_asked == 3, "at 300 s and 600 s, then after twice, then after four times the rhythm"


def test_the_record_counts_as_soon_as_it_rests(watched: Watched) -> None:
    watched.at(23, lambda: watched.walk.edit(*HOLD_OFF))
    watched.at(30, ctrl_c)
    assert watched.run("--interval", "600") == 1
    assert watched.steps == ["Go", "Go → No go"]


def test_a_record_that_is_broken_for_a_moment_is_not_go(watched: Watched) -> None:
    record = watched.walk.lab.record
    whole = record.read_text(encoding="utf-8")
    watched.at(5, lambda: ignore(record.write_text("attested_by = ", encoding="utf-8")))
    watched.at(40, lambda: ignore(record.write_text(whole, encoding="utf-8")))
    watched.at(60, ctrl_c)
    assert watched.run() == 0
    assert watched.steps == ["Go", "Go → Cannot tell", "Cannot tell → Go"]


def test_until_go_ends_with_the_first_go(watched: Watched) -> None:
    assert watched.run("--until", "go") == 0
    assert watched.steps == ["Go"]


def settle_anew(watched: Watched) -> None:
    watched.walk.run("Disable-TransportRule", Identity=RULE)
    watched.walk.run("Enable-TransportRule", Identity=RULE)
    watched.walk.lab.catch_up()


def wait_for_the_old_mx(watched: Watched) -> None:
    watched.at(30, lambda: watched.move_mx(*DOMAINS))
    watched.at(43, ctrl_c)


def sleep_and_wake(watched: Watched) -> None:
    def sleep() -> None:
        watched.walk.clock.wait(hours=1)
        ctrl_c()

    watched.at(60, sleep)


def leave_as_it_is(watched: Watched) -> None:
    del watched


GO_NOW = "Go: move the MX now"
ENDS: list[tuple[Callable[[Watched], None], list[str], int, str | None, str]] = [
    (leave_as_it_is, [], 0, GO_NOW, ""),
    (leave_as_it_is, ["--until", "done"], 3, GO_NOW, f"--until done: not reached. The watch ended with: {GO_NOW}"),
    (settle_anew, [], 0, None, ""),
    (settle_anew, ["--until", "go"], 3, None, "--until go: not reached. The watch ended with: Wait, provisional until"),
    (wait_for_the_old_mx, [], 0, None, ""),
    (wait_for_the_old_mx, ["--until", "done"], 3, None, "--until done: not reached. The watch ended with: Wait"),
    (sleep_and_wake, [], 3, None, "the watch ended with: Cannot tell: what was seen is old"),
    (sleep_and_wake, ["--until", "done"], 3, None, "not reached. The watch ended with: Cannot tell"),
]


@pytest.mark.parametrize(("prepare", "options", "code", "next_step", "told"), ENDS)
def test_what_is_reported_after_ctrl_c_promises_no_more_than_the_watch_did(
    watched: Watched,
    prepare: Callable[[Watched], None],
    options: list[str],
    code: int,
    next_step: str | None,
    told: str,
) -> None:
    prepare(watched)
    watched.at(90, ctrl_c)
    report = watched.walk.lab.folder / "run.json"
    assert watched.run(*options, "--json", str(report), *protocols(watched, "night.md")) == code
    assert json.loads(report.read_text(encoding="utf-8"))["next"] == next_step
    assert (f"✔ {GO_NOW}" in watched.out) is (next_step is not None)
    assert told in watched.err
    assert bool(told) is ("watch ended with" in watched.err)
    assert (f"**{GO_NOW}**" in watched.file("night.md").partition("##")[0]) is (next_step is not None)


def test_a_failure_stays_one_though_the_wanted_state_was_not_reached(watched: Watched) -> None:
    watched.walk.edit(*HOLD_OFF)
    watched.at(60, ctrl_c)
    assert watched.run("--until", "go") == 1


def test_a_round_that_took_so_long_that_its_answers_are_old_reaches_nothing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[datetime] = []

    def slow(request: Request, phase: Phase) -> Run:
        looked.append(request.clock())
        run = concluded(request, phase)
        if len(looked) == 1:
            watched.walk.clock.wait(hours=1)
        return run

    monkeypatch.setattr(rounds, "concluded", slow)
    assert watched.run("--until", "go") == 0
    assert len(looked) == 2


def test_evidence_saved_of_a_watch_is_judged_as_the_watch_judged_it(watched: Watched) -> None:
    watched.at(30, lambda: watched.move_mx(*DOMAINS))
    watched.at(43, ctrl_c)
    folder = watched.walk.lab.folder
    bundle, report, again = (str(folder / name) for name in ("bundle.json", "run.json", "again.json"))
    assert watched.run("--save-evidence", bundle, "--json", report) == 0
    assert main(["cutover", "--evidence", bundle, "--json", again, "--lang", "en"], clock=watched.walk.clock) == 0
    one, other = (json.loads(Path(file).read_text(encoding="utf-8")) for file in (report, again))
    assert one["moments"] == other["moments"]
    assert one["results"] == other["results"]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_an_exchange_that_refuses_turns_go_into_cannot_tell(watched: Watched, status: int) -> None:
    service = watched.walk.lab.exchange
    assert service is not None
    trouble = service.trouble
    watched.at(60, lambda: trouble.answers.extend([Response(status, b"no")] * 200))
    watched.at(700, ctrl_c)
    assert watched.run("--interval", "300") == 3
    assert watched.steps == ["Go", "Go → Cannot tell"]


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["removed", "emptied"])
def test_a_record_that_goes_away_or_is_emptied_does_not_stay_go(
    watched: Watched, spoil: Callable[[Path], object]
) -> None:
    record = watched.walk.lab.record
    watched.at(23, lambda: ignore(spoil(record)))
    watched.at(60, ctrl_c)
    assert watched.run() == 3
    assert watched.steps == ["Go", "Go → Cannot tell"]


def test_quiet_prints_the_verdict_line_alone(watched: Watched) -> None:
    watched.at(60, ctrl_c)
    assert watched.run("--quiet") == 0
    (line,) = watched.out.splitlines()
    assert line.startswith("Go: move the MX now")


def test_what_is_for_programs_has_standard_output_for_itself(watched: Watched) -> None:
    watched.at(60, ctrl_c)
    assert watched.run("--json", "-") == 0
    assert json.loads(watched.out)["verdict"] == "passed"
    assert "[the watch began: Go]" in watched.err


def test_an_earlier_protocol_is_kept(watched: Watched) -> None:
    earlier = watched.walk.lab.folder / "night.md"
    earlier.write_text("an earlier night", encoding="utf-8")
    assert watched.run("--until", "go", *protocols(watched, "night.md")) == 0
    (kept,) = set(watched.walk.lab.folder.glob("night.*.md"))
    assert kept.read_text(encoding="utf-8") == "an earlier night"
    assert kept.name in watched.err


def test_a_protocol_that_cannot_be_written_any_more_does_not_end_the_watch(watched: Watched) -> None:
    folder = watched.walk.lab.folder / "ticket"

    def spoil() -> None:
        shutil.rmtree(folder)
        folder.write_text("no folder any more", encoding="utf-8")
        watched.walk.edit(*HOLD_OFF)

    watched.at(30, spoil)
    watched.at(60, ctrl_c)
    assert watched.run("--protocol", str(folder / "night.md")) == 1
    assert watched.steps == ["Go", "Go → No go"]
    assert "cannot be written" in watched.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--interval", "30"], "--interval goes with --watch alone"),
        (["--until", "go"], "--until goes with --watch alone"),
        (["--protocol", "p.md"], "--protocol goes with --watch alone"),
        (["--no-bell"], "--bell goes with --watch alone"),
        (["--watch", "--interval", "1"], "from 10 to 3600 seconds"),
        (["--watch", "--interval", "nan"], "from 10 to 3600 seconds"),
        (["--watch", "--protocol", "p.txt"], "must end in .md or .html"),
        (["--watch", "--protocol", "p.md", "--protocol", "p.md"], "two outputs cannot both go to p.md"),
        (["--watch", "--protocol", "p.html", "--html", "p.html"], "two outputs cannot both go to p.html"),
        (["--watch", "--evidence", "BUNDLE"], "a replay never changes"),
        (["--watch", "--until", "never"], "--until must be one of"),
    ],
)
def test_options_that_do_not_go_together_are_refused(folder: Path, call: Call, options: list[str], told: str) -> None:
    answer = call("cutover", "--lang", "en", *options)
    assert answer.code == 2
    assert told in answer.err
    assert not list(folder.glob("p.*"))


def test_only_a_cutover_is_watched(folder: Path, call: Call) -> None:
    del folder
    assert call("readiness", "--watch", "--lang", "en").code == 2


def protocols(watched: Watched, *names: str) -> list[str]:
    return [word for name in names for word in ("--protocol", str(watched.walk.lab.folder / name))]
