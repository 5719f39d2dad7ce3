"""What the dialog of keys says: what opens the tokens, what a deed would do, and what it did."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from partner_tokens.core.language import _, _n
from partner_tokens.core.wording import exact

if TYPE_CHECKING:
    from partner_tokens.core.locksmith import Holding
    from partner_tokens.core.slots import Rotation


class KeyDeed(Enum):
    """What can be done about the key."""

    SET_PASSPHRASE = "set passphrase"
    REMOVE_PASSPHRASE = "remove passphrase"
    ADD_KEYRING = "add keyring"
    REMOVE_KEYRING = "remove keyring"
    RENEW = "renew"


def intro() -> str:
    """Above everything else."""
    return _(
        "Your tokens are sealed with one key. Your keyring opens it, or a passphrase, or either of "
        "both."
    )


def keyring(holding: "Holding") -> tuple[str, str]:
    """Whether the keyring opens the tokens."""
    if holding.keyring_since is None:
        return _("Keyring"), _("Does not open your tokens.")
    return (
        _("Keyring: {name}").format(name=holding.keyring),
        _("Opens your tokens by itself while you are logged in. {since}").format(
            since=_since(holding.keyring_since)
        ),
    )


def passphrase(holding: "Holding") -> tuple[str, str]:
    """Whether a passphrase opens the tokens."""
    if holding.passphrase_since is None:
        return _("Passphrase"), _("There is none.")
    words = _("Opens your tokens when you type it. {since}")
    return _("Passphrase"), words.format(since=_since(holding.passphrase_since))


def key(holding: "Holding") -> tuple[str, str]:
    """What renewing is for, and what it cannot reach."""
    text = _("Renew it if somebody may have seen your files together with what opens them.")
    if holding.strangers:
        words = _n(
            "{count} token is sealed with an older key that is not at hand; it stays as it is.",
            "{count} tokens are sealed with an older key that is not at hand; they stay as they "
            "are.",
            holding.strangers,
        )
        text = f"{text} {words.format(count=holding.strangers)}"
    return _("The key itself"), text


def lonely(holding: "Holding") -> tuple[str, str]:
    """Said where nothing but the keyring opens the tokens."""
    return (
        _("Only {name} opens your tokens.").format(name=holding.keyring),
        _("If its entry is lost, each token has to be pasted again. A passphrase saves you that."),
    )


def question(deed: KeyDeed, holding: "Holding") -> tuple[str, str]:
    """What is asked before a deed that takes something away."""
    if deed is KeyDeed.REMOVE_PASSPHRASE:
        return (
            _("Remove the passphrase?"),
            _(
                "Then only {name} opens your tokens. If its entry is lost, each token has to be "
                "pasted again."
            ).format(name=holding.keyring),
        )
    text = _(
        "Every token is sealed anew, and all copies of your list that this program has made are "
        "replaced."
    )
    if holding.passphrase_since is not None:
        more = _("Type the passphrase to keep it.")
        if holding.keyring_since is not None:
            more = _(
                "Type the passphrase to keep it, or drop it: then only the keyring opens them."
            )
        text = f"{text} {more}"
    return _("Renew the key?"), text


def busy(deed: KeyDeed) -> str:
    """What is going on."""
    return _("Sealing your tokens anew…") if deed is KeyDeed.RENEW else _("Changing the keys…")


def waiting() -> tuple[str, str]:
    """The keyring takes its time."""
    return (
        _("Waiting for your keyring…"),
        _("It may be asking you to unlock it, perhaps behind another window."),
    )


def done(deed: KeyDeed, rotation: "Rotation | None") -> tuple[str, str]:
    """What became of it."""
    match deed:
        case KeyDeed.SET_PASSPHRASE:
            return _("The passphrase opens your tokens now."), ""
        case KeyDeed.REMOVE_PASSPHRASE:
            return _("The passphrase opens nothing any more."), ""
        case KeyDeed.ADD_KEYRING:
            return _("Your keyring opens the tokens now."), ""
        case KeyDeed.REMOVE_KEYRING:
            return _("Only the passphrase opens your tokens now."), ""
        case KeyDeed.RENEW:
            return _renewed(rotation)


def _renewed(rotation: "Rotation | None") -> tuple[str, str]:
    renewed, kept = (rotation.renewed, rotation.kept) if rotation else (0, 0)
    title = _n(
        "The key was renewed: {count} token was sealed anew.",
        "The key was renewed: {count} tokens were sealed anew.",
        renewed,
    )
    text = _n(
        "{count} could not be opened and stays under its older key.",
        "{count} could not be opened and stay under their older keys.",
        kept,
    )
    return title.format(count=renewed), text.format(count=kept) if kept else ""


def _since(at: datetime) -> str:
    return _("Since {instant}.").format(instant=exact(at))
