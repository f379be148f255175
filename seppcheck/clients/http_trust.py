"""Whom an HTTPS connection trusts: the operating system's authorities and a file's, or one pinned certificate."""

from __future__ import annotations

import hashlib
import os
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import truststore
from requests.adapters import HTTPAdapter


@dataclass(frozen=True, slots=True)
class Trust:
    """What makes a server the right one.

    Without anything: a chain to an authority that the operating system trusts (`SSL_CERT_FILE` and
    `SSL_CERT_DIR` are honoured), and the name. `ca_file` adds authorities. `fingerprint`
    (`sha256:` and hexadecimal digits, of the certificate in DER) counts instead of chain and name.
    """

    ca_file: Path | None = None
    fingerprint: str = ""

    @property
    def digest(self) -> str:
        """The pinned SHA-256 in lower-case hexadecimal; "" where nothing is pinned."""
        return self.fingerprint.lower().removeprefix("sha256:")

    def context(self) -> ssl.SSLContext:
        """Return a context for connections.

        Raises:
            OSError: when `ca_file` cannot be read, or holds no certificate.
        """
        if self.fingerprint:
            return _unverified()  # urllib3 compares the fingerprint, before anything is sent
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if sys.platform in ("win32", "darwin"):
            _add_from_environment(context, os.environ)  # elsewhere OpenSSL sees to it
        if self.ca_file:
            context.load_verify_locations(cafile=str(self.ca_file))
        return context


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _add_from_environment(context: ssl.SSLContext, environ: Mapping[str, str]) -> None:
    file, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    if file or folder:
        context.load_verify_locations(cafile=file or None, capath=folder or None)


def fingerprint_of(host: str, port: int, seconds: float) -> str:
    """Return `sha256:HEX` of the certificate that a server shows, trusted or not; "" when it shows none.

    For the sentence that says how to pin it. Nothing is sent but the handshake.
    """
    try:
        shown = ssl.get_server_certificate((host, port), timeout=seconds)
        return "sha256:" + hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown)).hexdigest()
    except (OSError, ValueError):
        return ""


class TrustAdapter(HTTPAdapter):
    """Connections of requests that trust what `Trust` says and nothing else.

    requests itself would add certifi's list, and `REQUESTS_CA_BUNDLE` where that is set.
    """

    def __init__(self, trust: Trust) -> None:
        """Prepare the context.

        Raises:
            OSError: when the file of authorities cannot be read.
        """
        self._tls: dict[str, Any] = {"ssl_context": trust.context()}
        if trust.fingerprint:
            self._tls |= {"assert_fingerprint": trust.digest, "cert_reqs": "CERT_NONE"}
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        """Make the pool of direct connections."""
        super().init_poolmanager(connections, maxsize, block, **kwargs, **self._tls)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make the pool of connections through a proxy."""
        return super().proxy_manager_for(proxy, **kwargs, **self._tls)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Add nothing: the context says it all."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Leave TLS to the pool's own context."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {}
