"""Chains as sent, judged by whether they reach a root that is trusted."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import ssl
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import certifi
from OpenSSL import crypto

from seppcheck.clients.certificates import UndecodableError, decode
from seppcheck.errors import UserError
from seppcheck.model.smtp import Anchor, Certificate, ChainVerdict
from seppcheck.settings import Settings

MAX_CHAIN = 20
"""Certificates of a chain; the public ones have three or four."""

_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_LARGEST_PEM = 4_000_000
_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME, which pyOpenSSL has no name for."""
_NOT_YET_VALID, _EXPIRED = 9, 10
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""
_NO_ISSUER = {2, 18, 19, 20, 21}
"""X509_V_ERR_*: no trusted issuer was found. Any other problem says more."""


class Roots:
    """The three sets of roots that a chain may end in, each loaded when it is first needed."""

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        """Name the PEM files of `[gateway] extra_roots`.

        Raises:
            UserError: when one of them cannot be read; it names the file.
        """
        extra_roots = [root for path in extra for root in _pem(path)]
        self._stores = {
            Anchor.MOZILLA: _Store(_mozilla),
            Anchor.EXTRA: _Store(lambda: _listed(extra_roots)),
            Anchor.MACHINE: _Store(_machine),
        }
        if not extra_roots:
            del self._stores[Anchor.EXTRA]

    @classmethod
    def of(cls, settings: Settings) -> Roots:
        """Make them from the settings; for `session.client`."""
        return cls([settings.path(name) for name in settings.gateway.extra_roots])

    def judge(self, chain: Sequence[Certificate], at: datetime) -> ChainVerdict:
        """Tell whether a chain, the server's certificate first, reaches a root at a time (UTC).

        The first store that trusts it counts: Mozilla's, then the extra roots, then this machine's.
        The order of the other certificates and superfluous ones do not matter (RFC 8446, 4.4.2).
        """
        try:
            leaf, *others = [crypto.load_certificate(crypto.FILETYPE_ASN1, base64.b64decode(c.der)) for c in chain]
        except (crypto.Error, ValueError) as error:
            return ChainVerdict(Anchor.NONE, problem=f"a certificate cannot be read by OpenSSL: {error}")
        problems = []
        for anchor, store in self._stores.items():
            try:
                return ChainVerdict(anchor, root=_name(store.root_of(leaf, others, at.astimezone(UTC))))
            except _Problem as problem:
                problems.append(problem)
        # where several refuse, whoever says more than that it knows no issuer
        told = next((p for p in problems if p.code not in _NO_ISSUER), problems[0])
        return ChainVerdict(Anchor.NONE, problem=told.sentence, depth=told.depth)


class _Problem(Exception):  # noqa: N818 - a verdict on its way up, no error
    def __init__(self, error: crypto.X509StoreContextError) -> None:
        super().__init__(str(error))
        self.code, self.depth, self.sentence = error.errors[:3]

    @property
    def is_leaf_date(self) -> bool:
        return self.depth == 0 and self.code in (_NOT_YET_VALID, _EXPIRED)


class _Store:
    """One set of roots, and the same once more for verifying without dates."""

    def __init__(self, load: Callable[[], crypto.X509Store]) -> None:
        self._load = load

    @cached_property
    def _dated(self) -> crypto.X509Store:
        return self._load()

    @cached_property
    def _undated(self) -> crypto.X509Store:
        store = self._load()
        store.set_flags(_NO_CHECK_TIME)
        return store

    def root_of(self, leaf: crypto.X509, others: Sequence[crypto.X509], at: datetime) -> crypto.X509:
        """Return the root that a chain ends in; raises _Problem where there is none."""
        self._dated.set_time(at)
        try:
            return _reach(self._dated, leaf, others)
        except _Problem as problem:
            # OpenSSL looks at signatures and dates from the root downwards, so this one means that
            # all above the leaf were right. What it had not come to is verified without dates.
            if problem.is_leaf_date:
                return _reach(self._undated, leaf, others)
            raise


def _reach(store: crypto.X509Store, leaf: crypto.X509, others: Sequence[crypto.X509]) -> crypto.X509:
    try:
        return crypto.X509StoreContext(store, leaf, others).get_verified_chain()[-1]
    except crypto.X509StoreContextError as error:
        raise _Problem(error) from error


def _mozilla() -> crypto.X509Store:
    store = crypto.X509Store()
    store.load_locations(certifi.where())
    return store


def _listed(roots: Iterable[crypto.X509]) -> crypto.X509Store:
    store = crypto.X509Store()
    # what is listed is trusted as it stands: a self-signed server's certificate, an intermediate CA
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    for root in roots:
        store.add_cert(root)
    return store


def _machine() -> crypto.X509Store:
    store = crypto.X509Store()
    for der in ssl.create_default_context().get_ca_certs(binary_form=True):
        with contextlib.suppress(crypto.Error):  # one that this OpenSSL does not take helps nobody
            store.add_cert(crypto.load_certificate(crypto.FILETYPE_ASN1, der))
    folder = ssl.get_default_verify_paths().capath
    if folder:  # its files are looked up by need, so that the list above does not hold them
        store.load_locations(None, folder)
    return store


def _pem(path: Path) -> list[crypto.X509]:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_PEM + 1)
        if len(content) > _LARGEST_PEM:
            raise UserError("{path} is larger than {limit} bytes", path=path, limit=_LARGEST_PEM)
        roots = [crypto.load_certificate(crypto.FILETYPE_PEM, block) for block in _BLOCK.findall(content)]
    except OSError as error:
        raise UserError(
            "[gateway] extra_roots: {path} cannot be read ({problem}); name a PEM file of CA certificates",
            path=path,
            problem=error.strerror or error,
        ) from error
    except crypto.Error as error:
        raise UserError(
            "[gateway] extra_roots: a certificate in {path} is damaged; export it anew in PEM form", path=path
        ) from error
    if not roots:
        raise UserError(
            "[gateway] extra_roots: {path} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", path=path
        )
    return roots


def _name(root: crypto.X509) -> str:
    der = crypto.dump_certificate(crypto.FILETYPE_ASN1, root)
    try:
        return decode(der).subject
    except UndecodableError:
        return hashlib.sha256(der).hexdigest()
