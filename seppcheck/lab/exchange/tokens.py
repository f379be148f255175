"""The token endpoint: who may have a token for the tenant, and what stands in it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from seppcheck.clock import Clock
from seppcheck.lab.webserver import Request, Response, json_response

APP_ROLE = "Exchange.ManageAsApp"
EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
WRITING_ROLES = frozenset({EXCHANGE_ADMINISTRATOR, "62e90394-69f5-4237-9190-012177145e10"})
SCOPES = tuple(f"https://{host}/.default" for host in ("outlook.office365.com", "outlook.office365.us"))
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SECONDS = 3599
_MAX_CERTIFICATE = 65_536


@dataclass
class App:
    """An app registration. What it may is changed between two tokens, from any thread."""

    client_id: str
    secret: str
    roles: tuple[str, ...] = (APP_ROLE,)
    """App roles that were granted."""
    directory_roles: tuple[str, ...] = (EXCHANGE_ADMINISTRATOR,)
    """Template ids of directory roles; they stand in the token as `wids`."""
    certificates: list[x509.Certificate] = field(default_factory=list)

    def trust(self, pem: str) -> None:
        """Register a certificate (its public part, PEM) to sign assertions with."""
        self.certificates.append(x509.load_pem_x509_certificate(pem[:_MAX_CERTIFICATE].encode("ascii")))


class Denied(Exception):  # noqa: N818 - it is what the endpoint does
    """A request for a token that is refused: status, OAuth's error, the AADSTS code and its words."""

    def __init__(self, status: int, error: str, code: int, words: str) -> None:
        super().__init__(words)
        self.response = json_response(
            status, {"error": error, "error_description": f"AADSTS{code}: {words}", "error_codes": [code]}
        )


class Tokens:
    """Gives and knows access tokens of one tenant."""

    def __init__(self, tenant: str, guid: str, app: App, clock: Clock) -> None:
        self.app = app
        self._tenants = {tenant.lower(), guid.lower()}
        self._guid = guid
        self._clock = clock
        self._key = secrets.token_bytes(32)

    def configuration(self, tenant: str, host: str) -> Response:
        """Return the OpenID configuration, with which clients find the endpoint."""
        base = f"https://{host}/{tenant}"
        return json_response(
            200,
            {
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "issuer": f"https://{host}/{self._guid}/v2.0",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
            },
        )

    def knows(self, tenant: str) -> bool:
        """Tell whether it is this tenant's name or id."""
        return tenant.lower() in self._tenants

    def grant(self, tenant: str, request: Request) -> Response:
        """Answer a request for a token."""
        form = request.form()
        try:
            self._check_request(tenant, form)
            self._authenticate(form, f"https://{request.headers.get('host', '')}{request.path}")
        except Denied as denied:
            return denied.response
        scope = form["scope"].removesuffix("/.default")
        return json_response(
            200,
            {
                "token_type": "Bearer",
                "expires_in": _SECONDS,
                "ext_expires_in": _SECONDS,
                "access_token": self.make(scope),
            },
        )

    def _check_request(self, tenant: str, form: dict[str, str]) -> None:
        if not self.knows(tenant):
            raise Denied(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if form.get("grant_type") != "client_credentials":
            raise Denied(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
        if form.get("client_id", "").lower() != self.app.client_id.lower():
            raise Denied(400, "unauthorized_client", 700016, "Application was not found in the directory.")
        if form.get("scope") not in SCOPES:
            raise Denied(400, "invalid_resource", 500011, "The resource principal was not found in the tenant.")

    def _authenticate(self, form: dict[str, str], endpoint: str) -> None:
        if "client_assertion" in form:
            if form.get("client_assertion_type") != _ASSERTION or not self._signed(form["client_assertion"], endpoint):
                raise Denied(401, "invalid_client", 700027, "The certificate used to sign the assertion is not known.")
        elif not hmac.compare_digest(form.get("client_secret", "").encode(), self.app.secret.encode()):
            raise Denied(401, "invalid_client", 7000215, "Invalid client secret provided.")

    def _signed(self, assertion: str, endpoint: str) -> bool:
        """Tell whether a registered certificate signed it, for this app and this endpoint (RFC 7523 section 3)."""
        try:
            head, claims = (json.loads(_decoded(part)) for part in assertion.split(".")[:2])
            signature = _decoded(assertion.rpartition(".")[2])
        except (ValueError, RecursionError):
            return False
        if not isinstance(head, dict) or not isinstance(claims, dict):
            return False
        about = {claims.get("iss"), claims.get("sub")} == {self.app.client_id} and claims.get("aud") == endpoint
        signed = assertion.rpartition(".")[0].encode("ascii", "replace")
        return about and any(_verifies(c, head.get("alg"), signature, signed) for c in self.app.certificates)

    def make(self, audience: str) -> str:
        """Return an access token."""
        now = int(self._clock().timestamp())
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self._guid}/",
            "iat": now,
            "nbf": now,
            "exp": now + _SECONDS,
            "appid": self.app.client_id,
            "tid": self._guid,
            "roles": list(self.app.roles),
            "wids": list(self.app.directory_roles),
        }
        content = f"{_encoded({'typ': 'JWT', 'alg': 'HS256'})}.{_encoded(claims)}"
        return f"{content}.{self._signature(content)}"

    def read(self, authorization: str) -> dict[str, Any] | None:
        """Return the claims of a bearer token that was given here and has not expired, or None."""
        content, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(content).encode()):
            return None
        claims: dict[str, Any] = json.loads(_decoded(content.rpartition(".")[2]))
        return claims if claims["exp"] > self._clock().timestamp() else None

    def _signature(self, content: str) -> str:
        digest = hmac.new(self._key, content.encode("utf-8", "replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _verifies(certificate: x509.Certificate, algorithm: object, signature: bytes, signed: bytes) -> bool:
    key = certificate.public_key()
    schemes: dict[object, padding.AsymmetricPadding] = {
        "RS256": padding.PKCS1v15(),
        "PS256": padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size),
    }
    if algorithm not in schemes or not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(signature, signed, schemes[algorithm], hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode("utf-8")).decode("ascii").rstrip("=")


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
