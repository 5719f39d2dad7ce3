"""`header` and `token`: a fresh header or access token, and nothing else, on standard output."""

import json
from argparse import Namespace
from typing import TYPE_CHECKING

from partner_tokens.core.errors import AnotherOrganization, PasscodeNeeded
from partner_tokens.core.formats import Format, render
from partner_tokens.core.instants import iso
from partner_tokens.core.language import _
from partner_tokens.core.relay import Relayed, Wish
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, clean_passcode
from partner_tokens.terminal.borrowing import fresh
from partner_tokens.terminal.choosing import choose_in
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import complain, flush, from_standard_input, hand_out

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def header(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Prints it in the format asked for. A token that was refused is not tried again."""
    form = Format(options.format)
    access = wanted(options, parts, passphrase, form)
    hand_out(render(form, access.value, access.endpoint))
    flush()
    return DONE


def token(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Prints the access token bare, or with its end as JSON: what credential helpers read."""
    access = wanted(options, parts, passphrase, Format.TOKEN, quiet=True)
    if options.json:
        told = {"token": access.value.reveal(), "expires_at": iso(access.expires_at)}
        hand_out(json.dumps(told))
    else:
        hand_out(access.value.reveal())
    flush()
    return DONE


def wanted(
    options: Namespace,
    parts: "Parts",
    passphrase: Secret | None,
    form: Format,
    *,
    quiet: bool = False,
) -> AccessToken:
    """The access token of the one that is meant by `what`; says so where it lives too short.

    Says as well that its organization is production, unless `quiet`: a program listens then.
    """
    meant = choose_in(parts.store, options.what)
    passcode = None
    if options.passcode_stdin:
        passcode = clean_passcode(from_standard_input(_("Passcode:")).reveal())
    wish = Wish(meant.id, meant.organization.name, form, options.min_life, passcode)
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
