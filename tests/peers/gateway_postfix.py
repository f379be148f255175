"""The ways a gateway may answer on port 25, each on a port of one real Postfix."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.peers import postfix
from tests.peers.pki import DAY, Credential, Pki, self_signed
from tests.peers.postfix import Postfix, Service

HOST = "secure.example.org"


def credentials(pki: Pki, host: str = HOST) -> Mapping[str, Credential]:
    """Return certificates by what is right or wrong with them."""
    now = datetime.now(UTC)
    late: Mapping[str, Any] = {"not_before": now - 400 * DAY, "not_after": now - DAY}
    right = pki.issue(host)
    return {
        "right": right,
        "self-signed": self_signed(host),
        "expired": pki.issue(host, **late),
        "not-yet-valid": pki.issue(host, not_before=now + DAY, not_after=now + 90 * DAY),
        "ending-soon": pki.issue(host, not_after=now + 10 * DAY),
        "wrong-name": pki.issue("other.example.net"),
        "wildcard": pki.issue(f"*.{host.partition('.')[2]}"),
        "without-san": pki.issue(host, san=False),
        "ed25519": pki.issue(host, kind="ed25519"),
        "missing-intermediate": right.sending(),
        "expired-intermediate": pki.root.intermediate(**late).issue(host),
    }


def services(pki: Pki, folder: Path) -> Mapping[str, Service]:
    """Return a service for each certificate, and for each other way to answer."""
    shown = {
        name: Service({"smtpd_tls_security_level": "may", "smtpd_tls_chain_files": c.write(folder / f"{name}.pem")})
        for name, c in credentials(pki).items()
    }
    addresses = ("127.0.0.1", "127.0.0.2")
    return {
        **shown,
        "two-addresses": Service(shown["right"].options, addresses),
        "without-starttls": Service(),
        "other-banner": Service({"smtpd_banner": "gw-1.provider.example ESMTP"}),
        "rejecting": Service({"smtpd_client_restrictions": "reject"}),
        "deferring": Service({"smtpd_client_restrictions": "defer"}),
        "pausing": Service({"smtpd_client_restrictions": "sleep 1"}),
        "screened": Service(
            {"postscreen_greet_banner": "$myhostname please wait", **shown["right"].options}, daemon="postscreen"
        ),
    }


@contextlib.contextmanager
def running(pki: Pki, folder: Path) -> Iterator[Postfix]:
    """Run them all; the certificates' files go into `folder`."""
    with postfix.running(services(pki, folder), name=HOST) as instance:
        yield instance
