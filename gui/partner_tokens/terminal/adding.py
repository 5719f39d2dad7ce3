"""`add`: stores one more API token, proven by a real exchange."""

from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from partner_tokens.core.credentials import (
    PRESETS,
    app_secret,
    clean_client_id,
    clean_organization_id,
    kind_of_preset,
)
from partner_tokens.core.dates import expiry_from
from partner_tokens.core.errors.service import PasscodeNeeded
from partner_tokens.core.errors.tokens import DuplicateToken, InTrash
from partner_tokens.core.errors.typed import Problem
from partner_tokens.core.language import _
from partner_tokens.core.registry import Draft, Proof
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import (
    Kind,
    clean_api_token,
    clean_endpoint,
    clean_name,
    folded,
)
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import complain, from_standard_input, say
from partner_tokens.terminal.opening import begin_or_open, with_current_key

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def add(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Prints the id under which the token is stored; adding it once more changes nothing.

    One that lies in the trash is named before it is sent; it is stored anew in the place of that.
    Raises InputError before anything is stored or sent; DuplicateToken where it is stored under
    other names; AnotherOrganization where the service's id says so.
    """
    draft = _checked(options)
    secret = _secret(draft.kind, options.client_id or "")
    draft = replace(draft, secret=secret)
    begin_or_open(parts, passphrase)
    _say_if_removed(secret, parts)
    try:
        proof = None if options.unproven else _proven(draft, parts)
        token = with_current_key(parts, passphrase, lambda: parts.registry.add(draft, proof))
    except PasscodeNeeded:
        complain(_("Store it with --unproven, then use `header` with --passcode-stdin."))
        raise
    except DuplicateToken as error:
        if not _is_same(draft, error):
            raise
        complain(error.title)
        complain(_("Nothing was changed."))
        twin = parts.store.named_by(parts.vault.fingerprint(secret))
        if twin is not None:
            say(twin.id)
        return DONE
    say(token.id)
    return DONE


def _say_if_removed(secret: Secret, parts: "Parts") -> None:
    removed = parts.trash.named_by(parts.vault.fingerprint(secret))
    if removed is not None:
        complain(InTrash(removed.token.organization.name, removed.token.name).title)


def _secret(kind: Kind, client_id: str) -> Secret:
    """What is piped in or typed: an API token, or an app's client secret. Raises InputError."""
    if not kind.is_app:
        return clean_api_token(from_standard_input(_("API token:")).reveal())
    return app_secret(client_id, from_standard_input(_("Client secret:")).reveal())


def _checked(options: Namespace) -> Draft:
    """All but the secret, so that nobody pastes a token in vain."""
    organization = options.organization or ""
    endpoint = "" if options.endpoint is None else clean_endpoint(options.endpoint)
    kind = Kind(options.kind) if options.kind else kind_of_preset(endpoint) or Kind.NAVIGATOR
    if kind.is_app:
        clean_client_id(options.client_id)
    if organization.strip() or options.unproven:
        organization = clean_name(organization, Problem.ORGANIZATION_MISSING)
    return Draft(
        organization=organization,
        name=clean_name(options.name),
        endpoint=endpoint or PRESETS[kind][0],
        secret=None,
        expiry=expiry_from(options.expires),
        kind=kind,
        organization_id=clean_organization_id(options.organization_id) if kind.is_app else "",
    )


def _proven(draft: Draft, parts: "Parts") -> Proof:
    """The proof, with a warning where only a display name disagrees. AnotherOrganization."""
    proof = parts.registry.prove(draft)
    by_id = parts.registry.disagreement(draft, replace(proof, organization_name=""))
    if by_id is not None:
        raise by_id
    by_name = parts.registry.disagreement(draft, proof)
    if by_name is not None:
        complain(
            _("Stored as {named}, though the service calls this organization {found}.").format(
                named=by_name.named, found=by_name.found
            )
        )
    return proof


def _is_same(draft: Draft, twin: DuplicateToken) -> bool:
    names = [(draft.name, twin.name)]
    if draft.organization:
        names.append((draft.organization, twin.organization))
    return all(folded(typed) == folded(stored) for typed, stored in names)
