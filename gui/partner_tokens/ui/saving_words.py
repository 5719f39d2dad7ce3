"""What the dialog says of saving a token, where the error's own next step would not fit there."""

from partner_tokens.core.language import _
from partner_tokens.ui.saving import Step


def step(now: Step, host: str) -> str:
    """What is going on."""
    if now is Step.PROVING:
        return _("Proving the token with {host}…").format(host=host)
    return _("Storing the token…")


def off_clipboard() -> str:
    """Said with the notice that a token is saved."""
    return _("The pasted token was taken off the clipboard.")


def out_of_trash() -> str:
    """Said with the notice of a token that was brought back instead of being stored anew."""
    return _("It is back from the trash, as it was.")


def refused_hint() -> str:
    """The next step where the row to edit is open already, or there is none yet."""
    return _(
        "Nothing was stored. It may have expired, been revoked or deactivated, or belong to "
        "another endpoint."
    )


def app_refused_hint() -> str:
    """The same for an app."""
    return _(
        "Nothing was stored. Check its client id and secret, the organization's id, and whether "
        "it is an app of this version."
    )


def neither_hint() -> str:
    """The service answers a wrong passcode and a dead token in the same words."""
    return _(
        "It refused the token without a passcode too, so the token itself may be dead. Try the "
        "next code on your device once, or make a new token in the portal."
    )


def unreadable_hint() -> str:
    """The same for a token whose key is lost."""
    return _("Paste it here again, or make a new token in the portal.")
