"""A fake of Exchange Online that misbehaves as a test says, and a client that faces it.

The lab's own Exchange Online is the one that behaves; see tests/sources/test_exchange.py.
"""

from __future__ import annotations

import base64
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seppcheck.clients.exchange import ExchangeClient
from seppcheck.clients.http import HttpClient, Trust
from seppcheck.clients.tokens import App, Tokens
from seppcheck.secrets import Secret
from tests.clients.https_server import Asked, Reply
from tests.peers.pki import Pki

TENANT = "example.onmicrosoft.com"
TENANT_ID = "0f0e0d0c-0b0a-0908-0706-050403020100"
SECRET = "canary-client-secret-0815"
SCOPE = "https://outlook.office365.com/.default"
READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
GRANTED: Mapping[str, Any] = {"tid": TENANT_ID, "roles": ["Exchange.ManageAsApp"], "wids": [READER]}


def token_of(claims: Mapping[str, Any]) -> str:
    """Make a token; nobody verifies it."""
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{part}.canary-token-signature"


@dataclass
class Fake:
    """Answers discovery and tokens rightly unless told otherwise; `command` answers InvokeCommand."""

    command: Callable[[Asked], Reply] = lambda _: Reply(200, {"value": []})
    claims: Mapping[str, Any] = field(default_factory=lambda: GRANTED)
    token: Callable[[Asked], Reply] | None = None
    elsewhere: str = ""
    tokens_asked: int = 0
    commands: list[Asked] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        """Answer a request."""
        host = f"https://{asked.headers['host']}"
        if asked.path.endswith("/.well-known/openid-configuration"):
            base = f"{self.elsewhere or host}/{TENANT_ID}"
            points = {"authorization_endpoint": f"{base}/a", "token_endpoint": f"{base}/oauth2/v2.0/token"}
            return Reply(200, {"issuer": f"{host}/{TENANT_ID}/v2.0", **points})
        if asked.path.endswith("/oauth2/v2.0/token"):
            self.tokens_asked += 1
            if self.token:
                return self.token(asked)
            granted = {"access_token": token_of(self.claims), "expires_in": 3599, "token_type": "Bearer"}
            return Reply(200, granted)
        self.commands.append(asked)
        return self.command(asked)


def client_for(
    url: str, pki: Pki, folder: Path, *, seconds: float = 5.0, each: float = math.inf, app: App | None = None
) -> ExchangeClient:
    """Make a client that trusts the test's authority and gives up after `seconds`, or `each` for one command."""
    (folder / "ca.pem").write_bytes(pki.root.pem)
    http = HttpClient(Trust(ca_file=folder / "ca.pem"))
    until = time.monotonic() + seconds
    tokens = Tokens(http, url, app or App(TENANT, "client-1", secret=Secret(SECRET)), SCOPE, until)
    return ExchangeClient(http, url, tokens, TENANT, until, each=each)
