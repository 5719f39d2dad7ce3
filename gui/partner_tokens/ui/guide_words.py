"""What the guide of the first minute says, step by step."""

from enum import IntEnum

from partner_tokens.core.language import _


class Stop(IntEnum):
    """The steps of the guide, in order."""

    SECRETS = 0
    TOKEN = 1
    REMINDERS = 2


def title(stop: Stop) -> str:
    """The heading of a step."""
    return {
        Stop.SECRETS: _("Where your secrets are kept"),
        Stop.TOKEN: _("Paste one token and see it work"),
        Stop.REMINDERS: _("When you want to be reminded"),
    }[stop]


def count(stop: Stop) -> str:
    """Which step it is, of how many."""
    return _("Step {number} of {count}").format(number=stop + 1, count=len(Stop))


def sealed() -> str:
    """What is kept where, whatever holds the key."""
    return _(
        "Each API token is sealed in a file on this computer. One key opens them all, and that key "
        "is kept outside the file."
    )


def before(keyring: str) -> str:
    """Where the key will go, and which prompt will come, by the keyring's name."""
    where = _("The key will go into your keyring: {keyring}.").format(keyring=keyring)
    return f"{where} {prompt(keyring)}"


def prompt(keyring: str) -> str:
    """What the keyring may ask the user for."""
    match keyring:
        case "Secret Service":
            return _(
                "If that is locked, your desktop asks for its password in a window of its own: "
                "most often the one you log in with. Where there is no keyring yet, your desktop "
                "asks you to choose a password for it. This program never sees either."
            )
        case "KWallet":
            return _(
                "KWallet may ask for its password in a window of its own, or lead you through "
                "making a wallet. This program never sees that password."
            )
        case "macOS Keychain":
            return _(
                "macOS may ask whether this program may use its entry; with “Always Allow” it asks "
                "once only."
            )
        case "Windows Credential Manager":
            return _("Windows opens it as you log in, and asks nothing.")
        case _:
            return _("It may ask for its password in a window of its own.")


def after(keyring: str) -> tuple[str, str]:
    """That there is a key, and what keeps it; `keyring` is empty for a passphrase alone."""
    if keyring:
        return (
            _("The key is in {keyring}.").format(keyring=keyring),
            _("“Keys and recovery” adds a passphrase, should the keyring ever be lost."),
        )
    return (
        _("The key is kept by your passphrase."),
        _("It will be asked for when the program starts, and after locking."),
    )


def token() -> str:
    """Where an API token comes from."""
    return _(
        "In the portal, switch to a customer's organization, open your account, then “API Tokens”, "
        "and generate one. The portal shows it only once: paste it here. It is proven by a real "
        "exchange before it is stored, and the organization is filled in from the answer."
    )


def proven(name: str) -> tuple[str, str]:
    """That a token works; `name` tells which."""
    return (
        _("{token} works.").format(token=name),
        _("Enter on its row copies a fresh header; letters find it among others."),
    )


def stored(name: str) -> tuple[str, str]:
    """That a token is stored, and not proven yet."""
    return (
        _("{token} is stored, and not proven yet.").format(token=name),
        _("Enter on its row tries it."),
    )


def reminders() -> str:
    """What a reminder is."""
    return _(
        "An API token ends on a day, and nobody else tells you beforehand. A reminder counts "
        "tokens and names their organizations, on this computer only."
    )
