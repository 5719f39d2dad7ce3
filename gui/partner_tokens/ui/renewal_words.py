"""What is said while tokens are renewed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from partner_tokens.core.language import _, _n
from partner_tokens.core.marks import production_word
from partner_tokens.core.renewal_queue import Cause
from partner_tokens.core.tokens import ApiToken, host_of
from partner_tokens.core.wording import expiry_words, when_words

if TYPE_CHECKING:
    from partner_tokens.core.pending import Pending
    from partner_tokens.ui.renewal_steps import Step


def named(token: ApiToken) -> str:
    """A token by its names."""
    return f"{token.organization.name}, {token.name}"


def details(token: ApiToken, now: datetime) -> str:
    """Below its name: whose it is, where, and until when."""
    if token.expiry.at is None:
        ends = _("expiry unknown") if not token.expiry.never else _("never expires")
    else:
        words = _("expires {when}") if token.expiry.at > now else _("expired {when}")
        ends = words.format(when=expiry_words(token.expiry, now))
    mark = production_word() if token.organization.production else ""
    parts = (mark, token.user, host_of(token.endpoint), ends)
    return "  ·  ".join(part for part in parts if part)


def first_step(organization: str, *, stays: bool) -> str:
    """What to do in the portal; `stays` says that the token before was of the same place."""
    if stays:
        return _(
            "Stay in {organization} in the portal, where the token before was made, and regenerate "
            "this one there. Switch back first if you have switched since."
        ).format(organization=organization)
    return _(
        "Open the portal, switch to {organization} there first, then regenerate the token and copy "
        "the new one."
    ).format(organization=organization)


def warning() -> str:
    """What regenerating does."""
    return _(
        "Every copy of the old token stops working at once, wherever it is used: in scripts, in "
        "pipelines, on other computers."
    )


def step(now: "Step", host: str) -> str:
    """What is going on."""
    from partner_tokens.ui.renewal_steps import Step

    match now:
        case Step.PROVING:
            return _("Proving the new token with {host}…").format(host=host)
        case Step.REPLACING:
            return _("Putting the new token in place…")
        case Step.DISCARDING:
            return _("Discarding the new token…")
        case _:
            return _("Sealing the new token…")


# ---- a pasted token that waits ----------------------------------------------------------------


def waits_title(count: int = 1) -> str:
    """That pasted tokens are not in place yet."""
    return _n(
        "A new token is not in place yet.", "{count} new tokens are not in place yet.", count
    ).format(count=count)


def waits_text(pending: "Sequence[Pending]", now: datetime) -> str:
    """For whom, and since when."""
    first = pending[0]
    words = _("Pasted for {token}, {when}.").format(
        token=named(first.token), when=when_words(first.pasted_at, now)
    )
    more = len(pending) - 1
    if more:
        words = _n("{words} And {count} more.", "{words} And {count} more.", more).format(
            words=words, count=more
        )
    return words


def kept_text(pasted_at: datetime, now: datetime) -> str:
    """Beside the token it is for: since when it waits, and how long it will."""
    when = _("It was pasted {when}.").format(when=when_words(pasted_at, now))
    return f"{when} {is_kept()}"


def is_kept() -> str:
    """Said with everything that keeps a new token from being put in place."""
    return _("It is kept, sealed, until you put it in place or discard it.")


def orphan_title() -> str:
    """That there is nothing to replace any more."""
    return _("The old token was removed from the list meanwhile.")


def refused_hint() -> str:
    """The next step where the service refuses the new token itself."""
    return _(
        "Was it copied whole, from the organization and the portal of this row? It is kept, "
        "sealed, until you put another in its place or discard it."
    )


def look_again_hint() -> str:
    """The next step where another window has changed the row."""
    return _("Above is how it is now. Nothing was replaced yet.")


def what_replacing_does() -> str:
    """Said before it."""
    return _("It takes the old one's place in the list; the old one goes to the trash.")


def what_discarding_does() -> str:
    """Said before it."""
    return _(
        "The portal shows it only once, and if it was regenerated there, the old one has stopped "
        "working already."
    )


def replaced_text(old: ApiToken, new: ApiToken) -> str:
    """What became of the old one."""
    if old.organization.key != new.organization.key:
        return _("It is stored under its own organization; the old one is as it was.")
    return _("The old one lies in the trash.")


# ---- the queue --------------------------------------------------------------------------------


def to_renew(counts: Mapping[Cause, int], days: int) -> str:
    """How many there are left, and why."""
    total = sum(counts.values())
    if not total:
        return _n(
            "Nothing is refused or runs out within {count} day.",
            "Nothing is refused or runs out within {count} days.",
            days,
        ).format(count=days)
    within = _n("within {count} day", "within {count} days", days).format(count=days)
    waiting, refused, over, soon = (counts.get(cause, 0) for cause in Cause)
    parts = (
        (waiting, _n("{count} pasted already", "{count} pasted already", waiting)),
        (refused, _n("{count} refused", "{count} refused", refused)),
        (over, _n("{count} has run out", "{count} have run out", over)),
        (soon, _n("{count} runs out {within}", "{count} run out {within}", soon)),
    )
    told = [words.format(count=count, within=within) for count, words in parts if count]
    title = _n("{count} to renew", "{count} to renew", total).format(count=total)
    return f"{title}: {', '.join(told)}."


def place(position: int, total: int) -> str:
    """How far it has come."""
    return _("{position} of {total}").format(position=position, total=total)


def round_ended(renewed: int, skipped: int) -> str:
    """What was done in this sitting; nothing to say where nothing was to be done."""
    if not renewed and not skipped:
        return ""
    done = _n("{count} token renewed", "{count} tokens renewed", renewed).format(count=renewed)
    if not skipped:
        return f"{done}."
    left = _n("{count} skipped", "{count} skipped", skipped).format(count=skipped)
    return f"{done}, {left}."


def go_on_later() -> str:
    """The next step after a sitting."""
    return _("Open this window again whenever you like: it shows what is left then.")
