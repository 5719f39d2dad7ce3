"""`check`: how far the way to each endpoint leads, and whether one token is still accepted."""

import json
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.instants import iso
from partner_tokens.core.ladder import Ladder, Outcome, Step
from partner_tokens.core.language import _
from partner_tokens.core.rungs import elapsed_words, fact_words, outcome_word, step_name
from partner_tokens.core.secret import Secret
from partner_tokens.core.stages import Stage
from partner_tokens.core.tokens import AccessToken, ApiToken
from partner_tokens.core.wording import clock_words, span_words
from partner_tokens.terminal.choosing import choose
from partner_tokens.terminal.codes import DONE, NOT_ONE, SERVICE
from partner_tokens.terminal.console import complain, complain_of, flush, hand_out, say
from partner_tokens.terminal.listing import padded, width
from partner_tokens.terminal.opening import open_vault
from partner_tokens.terminal.verdicts import code_of

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def check(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Climbs the ladder of each endpoint in use; with a token named, exchanges it as well.

    The code is that of the exchange, else 5 where some endpoint cannot be reached.
    """
    tokens = parts.store.tokens()
    token = choose(tokens, options.what) if options.what else None
    endpoints = [token.endpoint] if token else sorted({each.endpoint for each in tokens})
    if not endpoints:
        complain(_("No tokens are stored yet, so there is no endpoint to check."))
        return NOT_ONE
    _open_for_the_proxy(parts, passphrase)
    found: list[dict[str, Any]] = []
    code = DONE
    for endpoint in endpoints:
        ladder = parts.diagnosis.climb(endpoint)
        found.append(_ladder_as_json(ladder))
        if ladder.failed is not None:
            code = SERVICE
        if not options.json:
            _say_ladder(ladder)
        if token is not None and _is_worth_an_exchange(ladder):
            outcome = _exchange(token, parts, passphrase)
            found[-1]["exchange"] = _exchange_as_json(outcome)
            code = code_of(outcome) if isinstance(outcome, AppError) else DONE
            if not options.json:
                _say_exchange(outcome, parts)
    if options.json:
        hand_out(json.dumps(found, indent=2))
    return code


def _open_for_the_proxy(parts: "Parts", passphrase: Secret | None) -> None:
    """A login kept for the user's own proxy lies in the store: else no way leads through that.

    Where the store stays shut it is said why, and the ladder shows how far one comes without.
    """
    chosen = parts.preferences
    if chosen.proxy != "manual":
        return
    try:
        parts.proxy_logins.of(chosen.proxy_address)
    except Locked:
        try:
            open_vault(parts, passphrase)
        except AppError as error:
            complain_of(error)


def _is_worth_an_exchange(ladder: Ladder) -> bool:
    """A service that is in trouble with a HEAD may still take a POST; without a way, none will."""
    failed = ladder.failed
    return failed is None or failed.stage.value == Stage.HTTP.value


def _exchange(token: ApiToken, parts: "Parts", passphrase: Secret | None) -> AccessToken | AppError:
    try:
        if not parts.vault.is_open:
            open_vault(parts, passphrase)
        access = parts.broker.fresh(token, again=True)
    except AppError as error:
        return error
    with suppress(AppError):  # what it does not tell is no news: the exchange was asked for
        if token.id in parts.asking.due():
            parts.asking.ask(token.id, wished=False)
    return access


# ---- for people -------------------------------------------------------------------------------


def _say_ladder(ladder: Ladder) -> None:
    say(ladder.endpoint)
    for rung in ladder.rungs:
        facts = (fact_words(rung, ladder), elapsed_words(rung.elapsed))
        _say_line(step_name(rung.stage), outcome_word(rung.outcome), facts)
    failed = ladder.failed
    if failed is not None and failed.error is not None:
        say(f"  {failed.error.hint}")
    flush()


def _say_exchange(outcome: AccessToken | AppError, parts: "Parts") -> None:
    if isinstance(outcome, AppError):
        _say_line(_("Exchange"), outcome_word(Outcome.FAILED), (outcome.title,))
        say(f"  {outcome.hint}")
        return
    until = _("valid until {time} ({span})").format(
        time=clock_words(outcome.expires_at), span=span_words(outcome.left(parts.clock()))
    )
    _say_line(_("Exchange"), outcome_word(Outcome.OK), (until,))


def _say_line(name: str, outcome: str, facts: Sequence[str]) -> None:
    names = max(width(text) for text in (*map(step_name, Step), _("Exchange")))
    outcomes = max(width(outcome_word(each)) for each in Outcome)
    told = ", ".join(fact.rstrip(".") for fact in facts if fact)
    say(f"  {padded(name, names)}  {padded(outcome, outcomes)}  {told}".rstrip())


# ---- for programs -----------------------------------------------------------------------------


def _ladder_as_json(ladder: Ladder) -> dict[str, Any]:
    return {
        "endpoint": ladder.endpoint,
        "at": iso(ladder.at),
        "reachable": ladder.failed is None,
        "rungs": [
            {
                "step": rung.stage.value,
                "outcome": rung.outcome.value,
                "fact": rung.fact,
                "host": rung.host,
                "milliseconds": round(rung.elapsed.total_seconds() * 1000),
                "error": None if rung.error is None else _error_as_json(rung.error),
            }
            for rung in ladder.rungs
        ],
    }


def _exchange_as_json(outcome: AccessToken | AppError) -> dict[str, Any]:
    if isinstance(outcome, AppError):
        return {"outcome": Outcome.FAILED.value, "error": _error_as_json(outcome)}
    return {
        "outcome": Outcome.OK.value,
        "expires_at": iso(outcome.expires_at),
        "organization_id": outcome.organization_id,
        "user": outcome.user,
        "error": None,
    }


def _error_as_json(error: AppError) -> dict[str, Any]:
    return {
        "code": code_of(error),
        "stage": error.stage.value if error.stage else None,
        "title": error.title,
        "hint": error.hint,
        "details": error.details,
    }
