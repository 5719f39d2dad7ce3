"""What was typed for an API token, made fit to be stored: cleaned by its kind, its end settled."""

from dataclasses import replace
from typing import TYPE_CHECKING

from partner_tokens.core.credentials import Told, clean_organization_id, clean_secret
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.tokens import (
    ApiToken,
    Particulars,
    clean_endpoint,
    clean_name,
    clean_note,
)

if TYPE_CHECKING:
    from partner_tokens.core.registry import Draft


def cleaned(draft: "Draft", before: ApiToken | None) -> "Draft":
    """The draft with clean texts; of a stored row, `before`, it has the kind. Raises InputError."""
    kind = draft.kind if before is None else before.kind
    if any(map(holds_api_token, (draft.organization, draft.name, draft.note))):
        raise InputError(Problem.TEXT_IS_TOKEN)  # all three are stored where anybody can read them
    organization = draft.organization
    if organization.strip():
        organization = clean_name(organization)
    organization_id = ""
    if kind.is_app:
        known = "" if before is None else before.organization.service_id
        organization_id = clean_organization_id(draft.organization_id or known)
    return replace(
        draft,
        kind=kind,
        organization=organization.strip(),
        organization_id=organization_id,
        name=clean_name(draft.name),
        endpoint=clean_endpoint(draft.endpoint),
        secret=None if draft.secret is None else clean_secret(kind, draft.secret.reveal()),
        interactive=draft.interactive and not kind.is_app,
        note=clean_note(draft.note),
    )


def rebased(draft: "Draft", seen: ApiToken, now: ApiToken) -> "Draft":
    """The draft of a row, where it leaves that as it was `seen`, with what the row holds `now`.

    An exchange, or another program, may have stored an end or a note while the draft was open. The
    end that stands beside a new secret is that one's.
    """
    if draft.secret is None and draft.expiry == seen.expiry:
        draft = replace(draft, expiry=now.expiry)
    if draft.name == seen.name:
        draft = replace(draft, name=now.name)
    if draft.note == seen.note:
        draft = replace(draft, note=now.note)
    if draft.interactive == seen.interactive:
        draft = replace(draft, interactive=now.interactive)
    return draft


def dates_of(
    typed: Expiry, told: Told | None, before: ApiToken | None = None, *, is_renewed: bool = True
) -> tuple[Expiry, bool, Particulars | None]:
    """The end, whether the service told it, and what else it said.

    What was typed holds. What the service says holds where nothing was typed, or where the end is
    the one that the service told of the row `before`; that one goes with the secret it was told of.
    """
    particulars = None if before is None or is_renewed else before.particulars
    if told is not None:
        particulars = told.particulars
    is_kept = before is not None and before.expiry_told and typed == before.expiry
    if (is_kept or typed == Expiry.unknown()) and told and told.expires_at:
        return Expiry(told.expires_at), True, particulars
    if is_kept and is_renewed:
        return Expiry.unknown(), False, particulars
    return typed, is_kept, particulars
