"""How the terminal borrows an access token from the running window: what is asked and answered.

Both ends are ours, yet each reads the other's words as if they were not: the two programs may be of
different versions.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from partner_tokens.core.claims import LONGEST_JWT
from partner_tokens.core.errors import AppError, NotAnswering
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.formats import Format
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken

Message = Mapping[str, Any]

LONGEST_FORM = 100
"""Characters; it is a format's name, or the user's own for a template."""

ALONE: Message = {"answer": "alone"}
"""The window does not lend, or not yet: the terminal does it by itself."""

LOCKED: Message = {"answer": "locked"}
"""The window is locked: the terminal may not either, unless it is handed the passphrase."""

MAY_OPEN: Message = {"do": "may open"}
"""Asks whether the window is locked, before a command opens the store by the keyring."""


class Relayed(AppError):
    """An error of the running window, in its own words; `kind` is what it was there."""

    def __init__(self, kind: type[AppError], title: str, hint: str) -> None:
        super().__init__()
        self.kind = kind
        self._said = title, hint

    def _words(self) -> tuple[str, str]:
        return self._said


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose access token is wanted, how long it must live, and what for."""

    token_id: str
    organization: str
    """As the asker knows it: another name by now means another organization."""
    form: str = Format.TOKEN.value
    """The name of the format it is handed out in."""
    min_life: timedelta | None = None
    passcode: Secret | None = None


def ask_for(wish: Wish) -> dict[str, Any]:
    """The message of a wish."""
    life = wish.min_life
    return {
        "do": "lend",
        "id": wish.token_id,
        "organization": wish.organization,
        "form": wish.form,
        "min_life": None if life is None else life.total_seconds(),
        "passcode": "" if wish.passcode is None else wish.passcode.reveal(),
    }


def wish_in(message: Message) -> Wish | None:
    """The wish in a message; None where there is none that can be granted."""
    match message:
        case {
            "do": "lend",
            "id": str(token_id),
            "organization": str(organization),
            "form": str(form),
            "min_life": None | int() | float() as life,
            "passcode": str(passcode),
        } if form.isprintable() and len(form) <= LONGEST_FORM:
            if life is not None and not 0 <= life <= timedelta(days=366).total_seconds():
                return None
            return Wish(
                token_id,
                organization,
                form or Format.TOKEN.value,
                None if life is None else timedelta(seconds=life),
                Secret(passcode) if passcode else None,
            )
    return None


def hand_out_in(message: Message) -> tuple[tuple[str, ...], Format] | None:
    """The words and the format in a message that asks for what is at hand; None for another."""
    match message:
        case {"do": "hand out", "words": [*words], "form": str(form)} if form in set(Format):
            if words and all(isinstance(word, str) for word in words):
                return tuple(words), Format(form)
    return None


def handed_out(text: str) -> dict[str, Any]:
    """The answer that is to be printed as it stands."""
    return {"answer": "text", "text": text}


def grant(access: AccessToken) -> dict[str, Any]:
    """The answer that hands an access token over."""
    return {
        "answer": "lent",
        "token": access.value.reveal(),
        "received_at": access.received_at.timestamp(),
        "expires_at": access.expires_at.timestamp(),
        "life": access.life.total_seconds(),
        "endpoint": access.endpoint,
        "assumed": access.assumed,
    }


def refuse(error: AppError) -> dict[str, Any]:
    """The answer that says why there is none."""
    return {
        "answer": "failed",
        "kind": type(error).__name__,
        "title": error.title,
        "hint": error.hint,
    }


def access_in(answer: Message) -> AccessToken | None:
    """The access token in an answer; None where the terminal is to do it alone.

    Raises Relayed, Locked, and NotAnswering for an answer that is none.
    """
    match answer:
        case {"answer": "alone"}:
            return None
        case {"answer": "locked"}:
            raise Locked
        case {"answer": "failed", "kind": str(kind), "title": str(title), "hint": str(hint)}:
            raise Relayed(_kind_of(kind), title, hint)
        case {
            "answer": "lent",
            "token": str(token),
            "received_at": float(received_at),
            "expires_at": float(expires_at),
            "life": float(life),
            "endpoint": str(endpoint),
            "assumed": bool(assumed),
        } if re.fullmatch(
            rf"[!-~]{{1,{LONGEST_JWT}}}", token
        ):  # else it would break out of a header
            with suppress(ValueError, OverflowError, OSError):  # times that no clock shows
                return AccessToken(
                    Secret(token),
                    datetime.fromtimestamp(received_at, UTC),
                    datetime.fromtimestamp(expires_at, UTC),
                    timedelta(seconds=life),
                    endpoint,
                    assumed,
                )
    raise NotAnswering("an answer of another version")


def is_of(wish: Wish, token: ApiToken) -> bool:
    """Whether the row is still the one that was meant."""
    return (token.id, token.organization.name) == (wish.token_id, wish.organization)


def _kind_of(name: str) -> type[AppError]:
    from partner_tokens.core import errors  # all of them: it is rare that the window has failed
    from partner_tokens.core.errors import (
        desktop,
        files,
        keys,
        organizations,
        service,
        store,
        templates,
        tokens,
        typed,
    )

    subjects = (desktop, files, keys, organizations, service, store, templates, tokens, typed)
    for subject in (errors, *subjects):
        kind = getattr(subject, name, None)
        if isinstance(kind, type) and issubclass(kind, AppError):
            return kind
    return AppError
