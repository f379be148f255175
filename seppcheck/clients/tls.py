"""A TLS client over memory: octets in, octets out, and the certificate chain exactly as it was sent.

Nothing is verified here. What a server shows is evidence, judged afterwards, and old servers are to
be seen as well: TLS 1.0 and weak ciphers are taken, which is harmless where nothing secret is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from OpenSSL import SSL, crypto

_CIPHERS = b"ALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0"
"""All that show a certificate; level 0 also admits the short keys and SHA-1 of old servers."""
_CHUNK = 16 * 1024
MAX_HANDSHAKE = 96 * 1024
"""Octets that a server may send until the handshake is done; OpenSSL takes 100 KB of certificates."""


class HandshakeError(Exception):
    """The handshake failed; the message is OpenSSL's."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a handshake showed: protocol version, cipher, and the chain in DER as the server sent it."""

    version: str
    cipher: str
    chain: tuple[bytes, ...]


class Tunnel:
    """One TLS connection as a client. `advance` until it returns a handshake; then `encrypt`."""

    def __init__(self, server_name: str) -> None:
        """Prepare it; `server_name` is what SNI asks for (RFC 6066 section 3: a host name)."""
        self._connection = SSL.Connection(_context(), None)
        self._connection.set_connect_state()
        self._connection.set_tlsext_host_name(server_name.encode("ascii"))

    def advance(self, received: bytes = b"") -> Handshake | None:
        """Go on with what the server sent; return the handshake when it is done.

        Raises:
            HandshakeError: when the two do not come together; `outgoing` may hold an alert.
        """
        if received:
            self._connection.bio_write(received)
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return None
        except SSL.Error as error:
            raise HandshakeError(_sentence(error)) from error
        return self._shown()

    def _shown(self) -> Handshake:
        sent = self._connection.get_peer_cert_chain() or []
        chain = tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate) for certificate in sent)
        version = self._connection.get_protocol_version_name()
        return Handshake(version, self._connection.get_cipher_name() or "", chain)

    def outgoing(self) -> bytes:
        """Return what is to be sent to the server now."""
        parts = []
        while True:
            try:
                parts.append(self._connection.bio_read(_CHUNK))
            except SSL.WantReadError:
                return b"".join(parts)

    def encrypt(self, octets: bytes) -> bytes:
        """Return octets as they go over the wire; none where the peer has broken it off."""
        try:
            self._connection.sendall(octets)
        except SSL.Error:
            return b""
        return self.outgoing()

    def decrypt(self, received: bytes) -> bytes:
        """Return what the server's octets say, as far as they make a whole record."""
        self._connection.bio_write(received)
        try:
            return self._connection.recv(_CHUNK)
        except SSL.Error:
            return b""  # only a part of it, a session ticket, or the end

    def close(self) -> bytes:
        """Return the closing alert (RFC 8446 section 6.1)."""
        try:
            self._connection.shutdown()
        except SSL.Error:
            return b""  # the peer broke it off already: nothing left to close
        return self.outgoing()


@cache
def _context() -> SSL.Context:
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_cipher_list(_CIPHERS)
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    context.set_verify(SSL.VERIFY_NONE, lambda *_: True)
    return context


def _sentence(error: SSL.Error) -> str:
    queue = error.args[0] if error.args and isinstance(error.args[0], list) else []
    reasons = [reason for _library, _function, reason in queue if reason]
    return "; ".join(reasons) or " ".join(map(str, error.args)) or type(error).__name__
