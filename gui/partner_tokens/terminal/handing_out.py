"""`header` and `token`: a fresh header or access token, and nothing else, on standard output."""

import json
from argparse import Namespace
from typing import TYPE_CHECKING

from partner_tokens.core.errors.service import PasscodeNeeded
from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.formats import Form, Format
from partner_tokens.core.forms import form_called, name_of, written
from partner_tokens.core.instants import iso
from partner_tokens.core.language import _
from partner_tokens.core.relay import Relayed, Wish
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken, clean_passcode
from partner_tokens.terminal.borrowing import fresh
from partner_tokens.terminal.choosing import choose_in
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import (
    UsageError,
    complain,
    flush,
    from_standard_input,
    hand_out,
)

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def header(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Prints it in the format asked for. A token that was refused is not tried again."""
    form = _form(options.format, parts)
    meant = choose_in(parts.store, options.what)
    access = wanted(meant, options, parts, passphrase, form)
    hand_out(written(form, access, meant))
    flush()
    return DONE


def token(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Prints the access token bare, or with its end as JSON: what credential helpers read."""
    meant = choose_in(parts.store, options.what)
    access = wanted(meant, options, parts, passphrase, quiet=True)
    if options.json:
        told = {"token": access.value.reveal(), "expires_at": iso(access.expires_at)}
        hand_out(json.dumps(told))
    else:
        hand_out(access.value.reveal())
    flush()
    return DONE


def _form(name: str, parts: "Parts") -> Form:
    """The format, or the template, of this name. Raises UsageError."""
    form = form_called(name, {})
    if form is None:
        templates = parts.preferences.templates
        form = form_called(name, templates)
        if form is None:
            raise UsageError(
                _("There is no format “{name}”.").format(name=name),
                _("There are: {names}.").format(names=", ".join((*Format, *templates))),
            )
    return form


def wanted(
    meant: ApiToken,
    options: Namespace,
    parts: "Parts",
    passphrase: Secret | None,
    form: Form = Format.TOKEN,
    *,
    quiet: bool = False,
) -> AccessToken:
    """An access token of the one that is meant; says so where it lives too short.

    Says as well that its organization is production, unless `quiet`: a program listens then.
    """
    passcode = None
    if options.passcode_stdin:
        passcode = clean_passcode(from_standard_input(_("Passcode:")).reveal())
    wish = Wish(meant.id, meant.organization.name, name_of(form), options.min_life, passcode)
    try:
        access = fresh(parts, meant, wish, passphrase)
    except (PasscodeNeeded, AnotherOrganization, Relayed) as error:
        kind = error.kind if isinstance(error, Relayed) else type(error)
        if kind is PasscodeNeeded and passcode is None:
            complain(_("Hand the passcode over: header --passcode-stdin"))
        elif kind is AnotherOrganization:
            complain(_("Copy it in the window: there the row can be moved to where it belongs."))
        raise
    if meant.organization.production and not quiet:
        from partner_tokens.core.wording import named_with_mark

        complain(
            _("This is for {organization}.").format(
                organization=named_with_mark(meant.organization)
            )
        )
    if options.min_life is not None and access.left(parts.clock()) < options.min_life:
        from partner_tokens.core.wording import span_words

        left = span_words(access.left(parts.clock()))
        complain(_("This header lives {span} only: the service gives no longer.").format(span=left))
    return access
