"""Tokens that were stored before a story begins, sealed by a key of the story's own."""

from datetime import timedelta
from pathlib import Path

import pytest

from keyring_session import KeyringSession
from partner_tokens.core.clock import utc_now
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Organization, Result, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.service import Sandbox


def known(organization: str, **more: object) -> KnownToken:
    """An API token for the service; its text is a marker that must not be found anywhere."""
    word = organization.split()[0]
    text = more.pop("api_token", f"Marker{word[:3]}{'Zq7' * 14}+/{word[:2]}Kx9wV")
    return KnownToken(text, f"{word.lower()}-id", organization, **more)  # type: ignore[arg-type]


def store(
    profile: Path,
    keyring: KeyringSession,
    service: Sandbox,
    *tokens: KnownToken,
    expires_in: timedelta = timedelta(days=20),
    passphrase: str = "",
) -> None:
    """Stores tokens named `build` as an earlier run would have, and registers them.

    With a passphrase it alone opens the store, else the story's own keyring.
    """
    service.register(*tokens)
    with pytest.MonkeyPatch.context() as environment:
        keyring.enter(environment)
        parts = Parts(profile_under(profile))
        if passphrase:
            parts.vault.begin_with_passphrase(Secret(passphrase))
        else:
            parts.vault.begin_with_keyring()
        for number, token in enumerate(tokens):
            _add(parts, f"{number:032x}", token, service.url, expires_in)
        parts.close()


def _add(parts: Parts, id: str, token: KnownToken, endpoint: str, expires_in: timedelta) -> None:
    secret, now = Secret(token.api_token), utc_now()
    parts.store.add(
        ApiToken(
            id=id,
            organization=Organization(token.organization, token.organization_id),
            name="build",
            endpoint=endpoint,
            added_at=now,
            expiry=Expiry(now + expires_in),
            user=token.user,
            result=Result(State.READY, None, now),
        ),
        parts.vault.seal(secret, token_id=id, endpoint=endpoint),
        parts.vault.fingerprint(secret),
    )
