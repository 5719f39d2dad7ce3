"""What is exchanged: a secret, what kind it is, and where it goes; and what may be typed for it."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import (
    AROUND_TOKENS,
    ENDPOINT_PRESETS,
    LONGEST_API_TOKEN,
    LONGEST_NAME,
    ApiToken,
    Kind,
    Particulars,
    clean_api_token,
)

PRESETS: Mapping[Kind, tuple[str, ...]] = {
    Kind.NAVIGATOR: ENDPOINT_PRESETS,
    Kind.CLOUD_SERVICES: (
        "https://console.cloud.vmware.com",
        "https://console.cloud.broadcom.com",
        "https://console.tanzu.broadcom.com",
        "https://console.cloud-us-gov.vmware.com",
    ),
    Kind.OAUTH_APP_V1: ENDPOINT_PRESETS,
    Kind.OAUTH_APP_V2: ENDPOINT_PRESETS,
}
"""Hosts by the vendor's documentation and public clients; the first of a kind is its default."""


def kind_of_preset(endpoint: str) -> Kind | None:
    """The kind of API tokens whose preset alone this host is; None for any other host."""
    kinds = [kind for kind in (Kind.NAVIGATOR, Kind.CLOUD_SERVICES) if endpoint in PRESETS[kind]]
    return kinds[0] if len(kinds) == 1 else None


def fitting(endpoint: str, kind: Kind) -> str:
    """A host for a kind where a source names none: not the preset of another dialect."""
    is_other = any(endpoint in hosts for hosts in PRESETS.values())
    return PRESETS[kind][0] if is_other and endpoint not in PRESETS[kind] else endpoint


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret with all that decides to which one address it is sent.

    `organization_id` is the service's own id; only an app's exchange needs it.
    """

    kind: Kind
    endpoint: str
    secret: Secret
    organization_id: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the service said of an API token; `expires_at` None where it named no end."""

    particulars: Particulars
    expires_at: datetime | None = None


def credential_of(token: ApiToken, secret: Secret) -> Credential:
    """What is exchanged for a stored row."""
    return Credential(token.kind, token.endpoint, secret, token.organization.service_id)


# ---- an app's two parts -----------------------------------------------------------------------


def app_secret(client_id: str, client_secret: str) -> Secret:
    """Both parts as one text, as they are sealed. Raises InputError."""
    id, secret = clean_client_id(client_id), _client_secret(client_secret)
    if id == secret:
        raise InputError(Problem.CLIENT_ID_IS_SECRET)
    return Secret(f"{id}:{secret}")


def app_parts(secret: Secret) -> tuple[str, Secret]:
    """The client id, and the client secret. Raises InputError where it has no two parts."""
    client_id, colon, client_secret = secret.reveal().partition(":")
    if not (client_id and colon and client_secret):
        raise InputError(Problem.CLIENT_SECRET_MISSING if client_id else Problem.CLIENT_ID_MISSING)
    return client_id, Secret(client_secret)


def renewed(token: ApiToken, text: str) -> Secret:
    """The secret that takes the place of a row's, as pasted: an app keeps its client id.

    Raises InputError.
    """
    return app_secret(token.user, text) if token.kind.is_app else clean_api_token(text)


def client_id_of(kind: Kind, secret: Secret) -> str:
    """Whom an app's secret names, to be shown as its user; empty for a user's API token."""
    return app_parts(secret)[0] if kind.is_app else ""


def basic(secret: Secret) -> str:
    """Both parts of an app as HTTP's Basic authentication writes them (RFC 7617)."""
    return base64.b64encode(secret.reveal().encode("utf-8", "surrogatepass")).decode()


def struck_out(kind: Kind, secret: Secret) -> tuple[Secret, ...]:
    """All texts that give the secret away and must not be shown; an app's id is among them."""
    if not kind.is_app:
        return (secret,)
    client_id, client_secret = app_parts(secret)
    return client_secret, Secret(client_id), secret, Secret(basic(secret))


def hidden_in(credential: Credential) -> Secret:
    """What nobody may see of it: an app's id is shown as its user, and may be like a name."""
    secret = credential.secret
    return app_parts(secret)[1] if credential.kind.is_app else secret


# ---- what was typed ---------------------------------------------------------------------------


def clean_secret(kind: Kind, text: str) -> Secret:
    """The secret of a kind in what was pasted, without white space and quotes. InputError."""
    if not kind.is_app:
        return clean_api_token(text)
    client_id, _colon, client_secret = text.partition(":")
    return app_secret(client_id, client_secret)


def clean_client_id(text: str) -> str:
    """A client id: one word without a colon. Raises InputError."""
    bare = text.strip().strip(AROUND_TOKENS).strip()
    if not bare:
        raise InputError(Problem.CLIENT_ID_MISSING)
    if ":" in bare or len(bare) > LONGEST_NAME or not _is_word(bare):
        raise InputError(Problem.CLIENT_ID_INVALID)
    return bare


def clean_client_secret(text: str) -> Secret:
    """A client secret: one word. Raises InputError."""
    return Secret(_client_secret(text))


def clean_organization_id(text: str) -> str:
    """An organization's id as the service writes it, fit for an address. Raises InputError."""
    bare = text.strip()
    if not bare:
        raise InputError(Problem.ORGANIZATION_ID_MISSING)
    if holds_api_token(bare):
        raise InputError(Problem.TEXT_IS_TOKEN)
    if not re.fullmatch(r"[\w-]{1,64}", bare, re.ASCII):
        raise InputError(Problem.ORGANIZATION_ID_INVALID)
    return bare


def _client_secret(text: str) -> str:
    bare = text.strip().strip(AROUND_TOKENS).strip()
    if not bare:
        raise InputError(Problem.CLIENT_SECRET_MISSING)
    if len(bare) > LONGEST_API_TOKEN or not _is_word(bare):
        raise InputError(Problem.CLIENT_SECRET_INVALID)
    return bare


def _is_word(text: str) -> bool:
    return text.isprintable() and not re.search(r"\s", text)
