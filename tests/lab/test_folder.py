"""Whose folder a lab takes, and what it leaves in it."""

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from seppcheck.errors import UserError
from seppcheck.lab import SCENARIOS, named, running
from seppcheck.scenarios.shape import SENDER
from seppcheck.settings import file as settings_file


def test_a_folder_with_somebody_elses_files_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "seppcheck.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match=r"not of a lab.*--dir"), running("ready", tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["seppcheck.toml"]
    assert (tmp_path / "seppcheck.toml").read_text(encoding="utf-8") == "mine"


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "lab"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="not a folder"), running("ready", file):
        pass


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    with running("ready", tmp_path) as lab:
        assert lab.settings.is_file()


def test_an_earlier_labs_folder_is_used_again_with_its_reports_kept_and_its_past_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "lab"
    with running("ready", folder) as lab:
        first = lab.settings.read_text(encoding="utf-8")
    (folder / "report.html").write_text("kept", encoding="utf-8")
    with running("broken", folder) as lab:
        assert lab.settings.read_text(encoding="utf-8") != first
        assert list((folder / ".seppcheck" / "history").iterdir()) == []
    assert (folder / "report.html").read_text(encoding="utf-8") == "kept"


def test_a_folder_in_which_a_lab_is_running_is_refused(tmp_path: Path) -> None:
    with running("ready", tmp_path) as lab:
        before = lab.settings.read_text(encoding="utf-8")
        with pytest.raises(UserError, match="seems to be running"), running("broken", tmp_path):
            pass
        assert lab.settings.read_text(encoding="utf-8") == before


def test_the_marker_of_a_lab_that_was_killed_does_not_stand_in_the_way(tmp_path: Path) -> None:
    with running("ready", tmp_path) as lab:
        port = lab.dns_port
    (tmp_path / ".seppcheck-lab").write_text(f"{port}\n", encoding="utf-8")
    with running("ready", tmp_path) as lab:
        assert lab.settings.is_file()


def test_a_folder_that_is_removed_meanwhile_stays_removed(tmp_path: Path) -> None:
    with running("ready", tmp_path / "lab"):
        shutil.rmtree(tmp_path / "lab")
    assert not (tmp_path / "lab").exists()


def test_no_private_key_is_left_on_the_disk(tmp_path: Path) -> None:
    with running("ready", tmp_path):
        texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert not any("PRIVATE KEY" in text for text in texts)


def test_two_labs_run_beside_each_other(tmp_path: Path) -> None:
    with running("ready", tmp_path / "one") as one, running("broken", tmp_path / "two") as two:
        assert {one.dns_port, one.smtp_port}.isdisjoint({two.dns_port, two.smtp_port})


def test_what_an_earlier_lab_attested_does_not_outlive_it(tmp_path: Path) -> None:
    with running("inline", tmp_path) as lab:
        written = {path.relative_to(lab.folder).as_posix() for path in lab.folder.rglob("*") if path.is_file()}
    assert written >= {
        *("gateway-record.toml", "certs/kunde.test.pem", "certs/praxis.test.pem", "samples/outgoing.eml"),
        *("secrets/api-token.txt", "secrets/api-secret.txt", "secrets/client-secret.txt", "secrets/tsig.key"),
    }
    bare = replace(named("ready"), appliance=None, tenant=None, samples=())
    with running(bare, tmp_path) as lab:
        assert (lab.api, lab.exchange) == (None, None)
        left = {path.relative_to(lab.folder).as_posix() for path in lab.folder.rglob("*") if path.is_file()}
    expected = {"seppcheck.toml", "lab-ca.pem", "secrets/tsig.key"}
    assert {name for name in left if not name.startswith(".")} == expected


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_certificate_that_the_customer_would_install_lies_there_named_or_not(scenario: str, tmp_path: Path) -> None:
    with running(scenario, tmp_path) as lab:
        names = {}
        for domain in lab.scenario.domains:
            pem = (tmp_path / "certs" / f"{domain}.pem").read_bytes()
            (common,) = x509.load_pem_x509_certificate(pem).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            names[domain] = common.value
        recorded = tomllib.loads(lab.record.read_text(encoding="utf-8"))["domains"]
    assert set(names.values()) == {"mail.kunde.test" if scenario == "broken" else SENDER}
    assert {"certificate" in table for table in recorded.values()} == {scenario != "parallel"}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_configuration_says_where_samples_lie_and_who_takes_updates(scenario: str, tmp_path: Path) -> None:
    with running(scenario, tmp_path) as lab:
        settings = settings_file.load(lab.settings)
        (update,) = settings.dns.update
    assert settings.mail.samples == ("samples/*.eml",)
    assert "mx.fremd.test" in settings.mail.trusted_receivers
    assert (str(update.server), update.port) == ("127.0.0.1", lab.dns_port)
