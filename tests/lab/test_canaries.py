"""What is secret in the lab's world turns up in nothing that an audit leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from seppcheck.cli import main
from seppcheck.lab import running
from seppcheck.lab.gateway_api import BIND_PASSWORD
from seppcheck.lab.signatures import secret_text


@pytest.mark.parametrize("scenario", ["ready", "half-migrated"])
def test_no_secret_of_the_lab_is_in_any_output(
    scenario: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    outputs = ("--html", "--json", "--junit", "--save-evidence")
    with caplog.at_level("DEBUG"), running(scenario, tmp_path / "lab") as lab:
        assert lab.api is not None
        assert lab.exchange is not None
        private = [line for key in lab.api.keys.values() for line in key.private_pem.splitlines()[10:-1]]
        app, key = lab.exchange.app.secret, secret_text(lab.updates.key)
        secrets = [BIND_PASSWORD, lab.api.token, lab.api.secret, app, key, "PRIVATE KEY", *private]
        files = [tmp_path / f"out{number}" for number in range(len(outputs))]
        options = [word for option, file in zip(outputs, files, strict=True) for word in (option, str(file))]
        main(["verification", "--config", str(lab.settings), "--no-progress", *options])
        assert any(path == "/v1/mailsystem/manageddomain" for _, path in lab.api.asked)
        assert "Get-TransportRule" in lab.exchange.invoked
    written = "".join(file.read_text(encoding="utf-8") for file in files) + "".join(capfd.readouterr()) + caplog.text
    assert "kunde.test" in written
    assert not [secret for secret in secrets if secret in written]
