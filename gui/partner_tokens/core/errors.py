"""All that may go wrong, in words fit to show: a title, a hint, a stage, and whether it passes."""

from datetime import datetime
from enum import StrEnum
from typing import assert_never

from partner_tokens.core.language import _
from partner_tokens.core.stages import Flaw as Flaw
from partner_tokens.core.stages import Stage as Stage


class AppError(Exception):
    """Something went wrong that a user can understand.

    `title` says what happened, `hint` the one next step; both are made when they are asked for, so
    that the terminal need not load a catalogue of words for an exit code. `details` are for
    support: plain facts, redacted, never a secret. `passes` says that the same act may work later.
    """

    stage: Stage | None = None
    passes = False

    def __init__(self, details: str = "") -> None:
        super().__init__(details)
        self.details = details

    @property
    def title(self) -> str:
        """What happened, in the user's terms."""
        return self._words()[0]

    @property
    def hint(self) -> str:
        """The one next step."""
        return self._words()[1]

    def _words(self) -> tuple[str, str]:
        raise NotImplementedError

    def __str__(self) -> str:
        return f"{self.title} {self.hint}"


class Unexpected(AppError):
    """A bug in the program; `details` name the kind of exception, the log has the rest."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Something went wrong inside Partner Tokens."),
            _("Try again; if it happens again, send the log to support."),
        )


class NothingBegins(AppError):
    """The system starts no more threads for this program."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Your computer lets Partner Tokens begin nothing more."),
            _("Close other programs, then try again."),
        )


# ---- what a user typed ------------------------------------------------------------------------


class Problem(StrEnum):
    """What is wrong with something a user typed."""

    TOKEN_MISSING = "token missing"
    TOKEN_IS_ACCESS_TOKEN = "token is an access token"
    TOKEN_IS_HEADER = "token is a header"
    TOKEN_HAS_SPACES = "token has spaces"
    TOKEN_TOO_LONG = "token too long"
    NOT_TEXT = "not text"
    NAME_MISSING = "name missing"
    ORGANIZATION_MISSING = "organization missing"
    TEXT_IS_TOKEN = "text is a token"
    TEXT_TOO_LONG = "text too long"
    TEXT_UNPRINTABLE = "text unprintable"
    ENDPOINT_INVALID = "endpoint invalid"
    ENDPOINT_NOT_HTTPS = "endpoint not https"
    ENDPOINT_UNCLEAR = "endpoint unclear"
    TEMPLATE_NAME_INVALID = "template name invalid"
    TEMPLATE_NAME_TAKEN = "template name taken"
    TEMPLATE_NAME_IS_SECRET = "template name is a secret"
    TEMPLATE_WITHOUT_TOKEN = "template without token"
    TEMPLATE_HOLDS_SECRET = "template holds a secret"
    PLACEHOLDER = "placeholder"
    PORTAL_INVALID = "portal invalid"
    PROXY_INVALID = "proxy invalid"
    PROXY_HAS_LOGIN = "proxy has login"
    PROXY_LOGIN_INVALID = "proxy login invalid"
    PROXY_LOGIN_INCOMPLETE = "proxy login incomplete"
    LEADS_INVALID = "leads invalid"
    HOTKEY_INVALID = "hotkey invalid"
    DATE_INVALID = "date invalid"
    DATE_AMBIGUOUS = "date ambiguous"
    PASSPHRASE_SHORT = "passphrase short"
    PASSPHRASE_DIFFERS = "passphrase differs"
    TOO_MANY_TOKENS = "too many tokens"
    PASSCODE_INVALID = "passcode invalid"
    CLIENT_ID_MISSING = "client id missing"
    CLIENT_ID_INVALID = "client id invalid"
    CLIENT_ID_IS_SECRET = "client id is the secret"
    CLIENT_SECRET_MISSING = "client secret missing"
    CLIENT_SECRET_INVALID = "client secret invalid"
    KIND_UNKNOWN = "kind unknown"
    APP_VERSION_MISSING = "app version missing"
    ORGANIZATION_ID_MISSING = "organization id missing"
    ORGANIZATION_ID_INVALID = "organization id invalid"


class InputError(AppError):
    """Something typed cannot be used as it stands; nothing was stored."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem

    def _words(self) -> tuple[str, str]:
        return _problem_words(self.problem)


class PlaceholderUnknown(InputError):
    """A template has a placeholder that stands for nothing."""

    def __init__(self, placeholder: str, known: tuple[str, ...]) -> None:
        super().__init__(Problem.PLACEHOLDER)
        self.placeholder = placeholder
        self.known = known

    def _words(self) -> tuple[str, str]:
        if ":" in self.placeholder:
            hint = _("Behind the colon may stand: {names}.")
            return self._title(), hint.format(names=", ".join(self.known))
        names = ", ".join(f"{{{name}}}" for name in self.known)
        return self._title(), _("There are: {names}.").format(names=names)

    def _title(self) -> str:
        return _("There is no placeholder “{name}”.").format(name=f"{{{self.placeholder}}}")


class PlaceholderInQuotes(InputError):
    """A placeholder that brings its quotes along stands inside others, and would end them."""

    def __init__(self, placeholder: str, quoting: str) -> None:
        super().__init__(Problem.PLACEHOLDER)
        self.placeholder = f"{{{placeholder}:{quoting}}}"

    def _words(self) -> tuple[str, str]:
        return (
            _("{placeholder} brings its own quotes.").format(placeholder=self.placeholder),
            _("Let no quotes be open in front of it."),
        )


class PlaceholderUnquoted(InputError):
    """A value has characters that a program may take for more than text."""

    def __init__(self, placeholder: str, quotings: tuple[str, ...]) -> None:
        super().__init__(Problem.PLACEHOLDER)
        self.placeholder = placeholder
        self.quotings = quotings

    def _words(self) -> tuple[str, str]:
        return (
            _("What stands for {placeholder} here has signs that a shell could obey.").format(
                placeholder=f"{{{self.placeholder}}}"
            ),
            _("Say in the format how it is quoted, as in {example}: {names}.").format(
                example=f"{{{self.placeholder}:{self.quotings[0]}}}", names=", ".join(self.quotings)
            ),
        )


def _problem_words(problem: Problem) -> tuple[str, str]:  # noqa: C901  # a table, not logic
    match problem:
        case Problem.TOKEN_MISSING:
            return _("No API token was given."), _("Paste the token that the portal showed you.")
        case Problem.TOKEN_IS_ACCESS_TOKEN:
            return (
                _("This is an access token, not an API token."),
                _("Paste the one from the portal's page “API Tokens”; it never starts with “eyJ”."),
            )
        case Problem.TOKEN_IS_HEADER:
            return (
                _("This is a whole header, not an API token."),
                _("Paste only the token that the portal showed you."),
            )
        case Problem.TOKEN_HAS_SPACES:
            return (
                _("An API token has no spaces or line breaks inside."),
                _("Copy it again in the portal, and paste only the token."),
            )
        case Problem.TOKEN_TOO_LONG:
            return (
                _("This is too long for an API token."),
                _("Copy it again in the portal, and paste only the token."),
            )
        case Problem.NOT_TEXT:
            return (
                _("What was piped in is not text in UTF-8."),
                _("Save it as plain text in UTF-8, then try again."),
            )
        case Problem.NAME_MISSING:
            return _("The token has no name."), _("Give it the name it has in the portal.")
        case Problem.ORGANIZATION_MISSING:
            return (
                _("The organization is missing."),
                _("Type the name of the organization the token was made in."),
            )
        case Problem.TEXT_IS_TOKEN:
            return (
                _("This looks like an API token; it belongs in the field API token."),
                _("Here it would be stored unencrypted."),
            )
        case Problem.TEXT_TOO_LONG:
            return _("This text is too long."), _("Shorten it.")
        case Problem.TEXT_UNPRINTABLE:
            return _("This text has invisible characters."), _("Type it anew, in one line.")
        case Problem.ENDPOINT_INVALID:
            return (
                _("This is not the address of an endpoint."),
                _("Use the form https://console.navigator.vmware.com."),
            )
        case Problem.ENDPOINT_NOT_HTTPS:
            return (
                _("An endpoint must be reached over HTTPS."),
                _("Write https:// in front of the host."),
            )
        case Problem.ENDPOINT_UNCLEAR:
            return (
                _("The endpoint is missing."),
                _("The source names some, and none is clearly this token's. Type the right one."),
            )
        case Problem.TEMPLATE_NAME_INVALID:
            return (
                _("This cannot be the name of a format."),
                _("Begin it with a letter or a digit."),
            )
        case Problem.TEMPLATE_NAME_TAKEN:
            return _("There is a format of this name already."), _("Give it another name.")
        case Problem.TEMPLATE_WITHOUT_TOKEN:
            return (
                _("Neither the token nor the header is in this format."),
                _("Write {token} or {header} where it belongs."),
            )
        case Problem.TEMPLATE_NAME_IS_SECRET:
            return (
                _("This looks like a token; here it would be stored unencrypted."),
                _("Write a name in its place."),
            )
        case Problem.TEMPLATE_HOLDS_SECRET:
            return (
                _("This looks like a token; here it would be stored unencrypted."),
                _("Write {token} in its place."),
            )
        case Problem.PLACEHOLDER:
            return _("A placeholder cannot be used as it stands."), _("Write it anew.")
        case Problem.PORTAL_INVALID:
            return (
                _("This is not the address of a page."),
                _("Use the form https://console.navigator.vmware.com/."),
            )
        case Problem.PROXY_INVALID:
            return (
                _("This is not the address of a proxy."),
                _("Use the form http://proxy.example:3128."),
            )
        case Problem.PROXY_HAS_LOGIN:
            return (
                _("The address holds a user or a password."),
                _("Take them out: they are kept sealed, apart from the address."),
            )
        case Problem.PROXY_LOGIN_INVALID:
            return (
                _("This cannot be sent to a proxy."),
                _("Use plain letters, digits and signs, and no colon in the user."),
            )
        case Problem.PROXY_LOGIN_INCOMPLETE:
            return (
                _("User and password are kept together, for one address."),
                _("Type both, or leave both empty."),
            )
        case Problem.LEADS_INVALID:
            return (
                _("These are not numbers of days."),
                _("Use the form 30, 14, 7, 1: twenty at most, each from 0 to 3650."),
            )
        case Problem.HOTKEY_INVALID:
            return (
                _("This key cannot be taken."),
                _("Hold Ctrl, Alt or Super, and press a letter, a digit, F1 to F24 or Space."),
            )
        case Problem.DATE_INVALID:
            return _("This is not a date."), _("Use the form 2027-01-31, “never” or “unknown”.")
        case Problem.DATE_AMBIGUOUS:
            return (
                _("This date can be read in two ways."),
                _("Write the year first: 2027-01-31."),
            )
        case Problem.PASSPHRASE_SHORT:
            return _("This passphrase is too short."), _("Use at least 8 characters.")
        case Problem.PASSPHRASE_DIFFERS:
            return _("The two passphrases differ."), _("Type the same passphrase twice.")
        case Problem.TOO_MANY_TOKENS:
            return (
                _("These are too many tokens for one file."),
                _("Choose some of them, of one organization for instance."),
            )
        case Problem.PASSCODE_INVALID:
            return _("A passcode has six digits."), _("Type the six digits your device shows.")
        case Problem.CLIENT_ID_MISSING:
            return _("The client id is missing."), _("Type the id that the portal gave the app.")
        case Problem.CLIENT_ID_INVALID:
            return (
                _("This is not a client id: it is one word without a colon."),
                _("Copy it again in the portal."),
            )
        case Problem.CLIENT_ID_IS_SECRET:
            return (
                _("This is the client secret, not the client id."),
                _("Here it would be stored unencrypted: copy the id from the portal."),
            )
        case Problem.CLIENT_SECRET_MISSING:
            return (
                _("No client secret was given."),
                _("Paste the secret that the portal showed when the app was made."),
            )
        case Problem.CLIENT_SECRET_INVALID:
            return (
                _("This is not a client secret: it is one word."),
                _("Copy it again in the portal, and paste only the secret."),
            )
        case Problem.KIND_UNKNOWN:
            return (
                _("This kind of token is not known."),
                _("Write api-token, cloud-services-token, oauth-app-v1 or oauth-app-v2."),
            )
        case Problem.APP_VERSION_MISSING:
            return (
                _("It is not said which version of OAuth app this is."),
                _("Choose it for all of them, or add a column “kind” that says it."),
            )
        case Problem.ORGANIZATION_ID_MISSING:
            return (
                _("The organization's id is missing: an app cannot be exchanged without it."),
                _("Copy the long organization id from the portal."),
            )
        case Problem.ORGANIZATION_ID_INVALID:
            return (
                _("This is not an organization's id."),
                _("Copy the long organization id from the portal: letters, digits and dashes."),
            )
    assert_never(problem)


class DuplicateToken(AppError):
    """This API token is stored already, under another row."""

    def __init__(self, organization: str, name: str) -> None:
        super().__init__()
        self.organization = organization
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("This token is stored already: {organization}, {name}.").format(
                organization=self.organization, name=self.name
            ),
            _("Use that row, or paste another token."),
        )


class InTrash(AppError):
    """This API token was removed and can still be brought back."""

    def __init__(self, organization: str, name: str) -> None:
        super().__init__()
        self.organization = organization
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("This token is in the trash: {organization}, {name}.").format(
                organization=self.organization, name=self.name
            ),
            _("Restore it, or save to store it anew."),
        )


class AnotherOrganization(AppError):
    """The claims of the access token name another organization than the row does.

    `found` is its name, or its id, or empty where neither is remembered; `found_id` its id, where
    the row is held for it.
    """

    def __init__(self, named: str, found: str, found_id: str = "") -> None:
        super().__init__()
        self.named = named
        self.found = found
        self.found_id = found_id

    def _words(self) -> tuple[str, str]:
        title = _("This token belongs to {found}, not to {named}.")
        if not self.found:
            title = _("This token belongs to another organization than {named}.")
        return (
            title.format(found=self.found, named=self.named),
            _("Correct the organization, or paste the token made inside it."),
        )


class RepeatedToken(AppError):
    """A source has the same API token twice; this is not the first of them."""

    def __init__(self, source: str, line: int) -> None:
        super().__init__()
        self.source = source
        self.line = line

    def _words(self) -> tuple[str, str]:
        title = _("The same token stands further up.")
        if self.line:
            title = _("The same token stands further up, in line {line}.").format(line=self.line)
        elif self.source:
            title = _("The same token is in {file}, too.").format(file=self.source)
        return title, _("The first one is enough.")


class NameTaken(AppError):
    """A source names an organization by a stored name, but with another id of the service."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("Another organization is stored as {name}; its id differs.").format(name=self.name),
            _("Correct the name, or tick the row to store it beside the other."),
        )


class Unusable(StrEnum):
    """Why a file or a text cannot be imported from."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    TOO_MANY_ROWS = "too many rows"
    TOO_MANY_FILES = "too many files"
    PACKED = "packed"
    NOT_TEXT = "not text"
    BROKEN = "broken"
    TOO_DEEP = "too deep"
    NO_TOKENS = "no tokens"
    SEALED_FOR_KEY = "sealed for a key"
    SEAL_BROKEN = "seal broken"
    TOO_COSTLY = "too costly"
    NEWER_HANDOVER = "newer hand-over"
    NO_HANDOVER = "no hand-over"


class Unimportable(AppError):
    """Nothing can be imported from this; `source` is the file's name, empty for pasted text."""

    def __init__(self, reason: Unusable, source: str, details: str = "") -> None:
        super().__init__(details)
        self.reason = reason
        self.source = source

    def _words(self) -> tuple[str, str]:
        source = self.source or _("the pasted text")
        title, hint = _unusable_words(self.reason)
        title = title.format(source=source)
        return title if self.source else title[:1].upper() + title[1:], hint


def _unusable_words(reason: Unusable) -> tuple[str, str]:  # noqa: C901  # a table, not logic
    match reason:
        case Unusable.UNREADABLE:
            return (
                _("{source} cannot be read."),
                _("Check that it exists and that you may read it."),
            )
        case Unusable.TOO_LARGE:
            return (
                _("{source} is too large for a list of tokens."),
                _("Choose a file of 5 MB or less, and 20 MB in all."),
            )
        case Unusable.TOO_MANY_ROWS:
            return (
                _("{source} has too many rows or columns."),
                _("Import 10,000 tokens at a time, in 60 columns or fewer."),
            )
        case Unusable.TOO_MANY_FILES:
            return (
                _("{source} has too many files."),
                _("Choose 5,000 files or fewer at a time."),
            )
        case Unusable.PACKED:
            return (
                _("{source} is a spreadsheet or an archive, not text."),
                _("Save the spreadsheet as CSV, or unpack the archive, then import that."),
            )
        case Unusable.NOT_TEXT:
            return (
                _("{source} is not a text file."),
                _("Choose a CSV, text, INI, JSON or environment file."),
            )
        case Unusable.TOO_DEEP:
            return (
                _("{source} is nested too deeply to be a list of tokens."),
                _("Choose the file that holds the tokens themselves."),
            )
        case Unusable.BROKEN:
            return (
                _("{source} is damaged: it breaks off, or a quotation mark is missing."),
                _("Save it again in the program it comes from."),
            )
        case Unusable.NO_TOKENS:
            return (
                _("No API token was found in {source}."),
                _("Choose a file with tokens in it, such as a CSV with a column “token”."),
            )
        case Unusable.SEALED_FOR_KEY:
            return (
                _("{source} is encrypted for a key of age, not with a passphrase."),
                _("Decrypt it with the command `age`, or ask for one made with a passphrase."),
            )
        case Unusable.SEAL_BROKEN:
            return (
                _("{source} is encrypted, but damaged: not all of it is as it was made."),
                _("Copy it again from where it was made."),
            )
        case Unusable.TOO_COSTLY:
            return (
                _("{source} takes more time or memory to open than can be right."),
                _("Ask for another one, made with Partner Tokens or with `age --passphrase`."),
            )
        case Unusable.NEWER_HANDOVER:
            return (
                _("{source} was written by a newer version of Partner Tokens."),
                _("Install that version here, then import it."),
            )
        case Unusable.NO_HANDOVER:
            return (
                _("{source} says that Partner Tokens wrote it, but it is not made like that."),
                _("Make it anew with “Back up or hand over”."),
            )
    assert_never(reason)


class WrongFilePassphrase(AppError):
    """The passphrase does not open an encrypted file; `source` is its name, empty if pasted."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def _words(self) -> tuple[str, str]:
        title = _("This passphrase does not open {source}.")
        return (
            title.format(source=self.source or _("the pasted text")),
            _("Type the one it was made with; mind Caps Lock and the keyboard layout."),
        )


class NothingOpened(AppError):
    """None of the tokens that were to be handed over can be opened; no file was written."""

    def _words(self) -> tuple[str, str]:
        return (
            _("None of these tokens can be opened, so no file was written."),
            _("Paste them again: edit the rows, or make new tokens in the portal."),
        )


class NoSuchToken(AppError):
    """The row is gone: removed here or by another program."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This token is no longer stored."),
            _("It was removed, perhaps by another program. Add it again if you need it."),
        )


class EditedMeanwhile(AppError):
    """The row is no longer what the caller has seen of it; nothing was stored or handed out."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This token was changed meanwhile by another program."),
            _("Nothing was stored or handed out. Look at it again, then begin anew."),
        )


class SameToken(AppError):
    """What was pasted as the new token is the one that is to be replaced."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This is the token that is stored already."),
            _("Regenerate it in the portal, then copy the new one and paste it here."),
        )


class PendingGone(AppError):
    """A pasted token no longer waits: it was put in place, or discarded, by another program."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The new token no longer waits here."),
            _("Another window has put it in place or discarded it: look at the list."),
        )


class OrganizationEdited(AppError):
    """An organization is no longer what the caller has seen of it; nothing was stored."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This organization was changed meanwhile by another program."),
            _("Nothing was stored. Look at it again, then begin anew."),
        )


class OrganizationNameTaken(AppError):
    """Another organization bears this name, and nothing would tell the two apart."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("There is another organization called {name}.").format(name=self.name),
            _("Choose another name. To bring both together, edit each token's organization."),
        )


class OrganizationIdTaken(AppError):
    """The service's id that was typed belongs to another organization."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("This id belongs to {name} already.").format(name=self.name),
            _("Correct the id. To bring both together, edit each token's organization."),
        )


class OrganizationPaused(AppError):
    """The user has paused an organization: nothing is exchanged for it in the background."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("{name} is paused.").format(name=self.name),
            _("Copy a header yourself, or end the pause under Organizations."),
        )


class FileUnwritable(AppError):
    """A file the user asked for could not be written; what was there is as it was."""

    passes = True

    def __init__(self, path: str, details: str = "") -> None:
        super().__init__(details)
        self.path = path

    def _words(self) -> tuple[str, str]:
        return (
            _("{path} could not be written.").format(path=self.path),
            _("Choose another folder, or close the program that has the file open."),
        )


class PreferencesUnreadable(AppError):
    """The file of preferences makes no sense, and is left for whoever works on it."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def _words(self) -> tuple[str, str]:
        return (
            _("{path} cannot be read, so nothing was changed in it.").format(path=self.path),
            _("Correct the file by hand, or remove it to begin with the usual choices."),
        )


class ClipboardRefused(AppError):
    """The platform did not take what was copied; nothing of ours lies on the clipboard."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("The clipboard did not take it."),
            _("Another program may be holding it, or this window was not in front. Try again."),
        )


class NoBrowser(AppError):
    """The desktop has no program that opens a page of the web."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("No browser could be opened."),
            _("Copy the address and open it in a browser yourself."),
        )


# ---- where secrets are kept -------------------------------------------------------------------


class SecretStorageError(AppError):
    """The keyring, or the key it holds, is not to be had."""


class KeyringMissing(SecretStorageError):
    """This session has no keyring that Partner Tokens trusts."""

    def _words(self) -> tuple[str, str]:
        return (
            _("No usable keyring was found."),
            _(
                "Start a keyring (GNOME Keyring, KWallet, the macOS Keychain, the Windows "
                "Credential Manager), or protect your tokens with a passphrase."
            ),
        )


class KeyringLocked(SecretStorageError):
    """The keyring is there and locked, or its prompt was dismissed."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Your keyring is locked."),
            _("Unlock it, then try again."),
        )


class KeyringDenied(SecretStorageError):
    """The keyring answered with an error, or did not keep what was written."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Your keyring refused."),
            _("Allow Partner Tokens to use the keyring, then try again."),
        )


class KeyringSilent(SecretStorageError):
    """The keyring did not answer in time, or the user stopped waiting for it."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Your keyring does not answer."),
            _("Look for its prompt, perhaps behind another window, then try again."),
        )


class KeyringChanged(SecretStorageError):
    """The key lies in another keyring than the one in use now; nothing is swapped in silence."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found

    def _words(self) -> tuple[str, str]:
        return (
            _("Your key lies in {expected}, but this session offers {found}.").format(
                expected=self.expected, found=self.found
            ),
            _("Start {expected}, then try again.").format(expected=self.expected),
        )


class KeyMissing(SecretStorageError):
    """The keyring's entry is missing or is not the one this store was made with."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The key to your tokens is not in the keyring."),
            _(
                "Your list is safe. Bring back the keyring it was made with, or begin with a new "
                "key and paste the tokens again."
            ),
        )


class NoKeyYet(SecretStorageError):
    """This store has no key slot: nothing has been stored yet."""

    def _words(self) -> tuple[str, str]:
        return (
            _("No place to keep tokens has been chosen yet."),
            _("Use your keyring, or choose a passphrase."),
        )


class Locked(SecretStorageError):
    """The data key is not in memory: the store must be unlocked first."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Your tokens are locked."),
            _("Unlock them, then try again."),
        )


class WrongPassphrase(SecretStorageError):
    """The passphrase opens no slot."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This passphrase does not open your tokens."),
            _("Type it again; mind Caps Lock and the keyboard layout."),
        )


class SecretUnreadable(SecretStorageError):
    """A row's sealed token does not open under the present key."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This token can no longer be read."),
            _("Paste it again: edit the row, or make a new token in the portal."),
        )


class KeyReplaced(SecretStorageError):
    """Another program has renewed the data key, or changed its slots; nothing was stored.

    Passes as soon as the vault has been opened anew.
    """

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Another program has changed the key to your tokens."),
            _("Nothing was stored or handed out. Try again; perhaps you must unlock first."),
        )


class LastWayIn(SecretStorageError):
    """What is to be taken away is all that opens the current data key; nothing was changed."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Nothing else opens your tokens."),
            _("Add a passphrase or the keyring first, then take this one away."),
        )


# ---- the store on disk ------------------------------------------------------------------------


class StoreError(AppError):
    """The store's file cannot be used as it should."""

    def __init__(self, path: str, details: str = "") -> None:
        super().__init__(details)
        self.path = path


class StoreUnreadable(StoreError):
    """The file is damaged, or cannot be opened."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The list of tokens cannot be read."),
            _("Close other copies of Partner Tokens and open the window: it mends the file."),
        )


class StoreUnwritable(StoreError):
    """The disk is full, read only, or another program keeps the file locked."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("The change could not be saved."),
            _("Check that {path} can be written and the disk is not full, then try again.").format(
                path=self.path
            ),
        )


class StoreUnopened(StoreUnwritable):
    """As StoreUnwritable, before the file could even be opened: that takes some room, too."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The list of tokens could not be opened; nothing in it was changed."),
            _("Check that {path} can be written and the disk is not full, then try again.").format(
                path=self.path
            ),
        )


class StoreReplaced(StoreUnwritable):
    """The file is gone from its place, or another one lies there."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The change was not saved: the file of the list was removed or replaced."),
            _(
                "If another whole list lies at {path}, it is shown in a moment; then try again. "
                "Else put the file back there."
            ).format(path=self.path),
        )


class Hindrance(StrEnum):
    """Why nothing can be written where the store lies."""

    READ_ONLY = "read-only disk"
    DENIED = "no permission"
    FULL = "disk full"
    UNKNOWN = "unknown"


class StoreReadOnly(StoreUnwritable):
    """The store can be read, and nothing can be written where it lies; `path` is its folder."""

    def __init__(self, path: str, hindrance: Hindrance) -> None:
        super().__init__(path, hindrance.value)
        self.hindrance = hindrance

    def _words(self) -> tuple[str, str]:
        hint = _hindrance_words(self.hindrance).format(folder=self.path)
        return _("Your list can only be read now."), hint


def _hindrance_words(hindrance: Hindrance) -> str:
    match hindrance:
        case Hindrance.READ_ONLY:
            return _(
                "{folder} lies on a read-only disk. Copying works; to change anything, make the "
                "disk writable."
            )
        case Hindrance.DENIED:
            return _(
                "You may not write to {folder}. Copying works; to change anything, get permission "
                "to write there."
            )
        case Hindrance.FULL:
            return _(
                "The disk with {folder} is full. Copying works; to change anything, make room on "
                "it."
            )
        case Hindrance.UNKNOWN:
            return _(
                "{folder} cannot be written. Copying works; to change anything, see that files can "
                "be made there."
            )
    assert_never(hindrance)


class StoreMisplaced(StoreError):
    """A link, a pipe or a folder lies where the store's file belongs."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The list of tokens is no file of its own: a link or something else lies there."),
            _("Put the file itself at {path}, or start with --profile and another folder.").format(
                path=self.path
            ),
        )


class FolderShared(StoreError):
    """The folder that was named for everything belongs to others, or they may write to it."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Other users may write to the folder {path}.").format(path=self.path),
            _("Name a folder that does not exist yet, or one that only you can write to."),
        )


class StoreNewer(StoreError):
    """The file was written by a newer version of the program."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Your list was written by a newer version of Partner Tokens."),
            _("Update this copy. Until then it changes nothing."),
        )


# ---- the running program ----------------------------------------------------------------------


class NotAnswering(AppError):
    """Another process runs with this profile, and cannot be talked to."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Partner Tokens is running, but does not answer."),
            _("Wait a moment, or end it and start it again."),
        )


# ---- the service ------------------------------------------------------------------------------


class ServiceError(AppError):
    """The service, or the way to it, failed; `host` is the endpoint's, with its port if unusual."""

    def __init__(self, host: str, details: str = "", *, request_id: str = "") -> None:
        super().__init__(details)
        self.host = host
        self.request_id = request_id


class Unreachable(ServiceError):
    """No usable answer. `stage` says how far it came, `flaw` what was wrong there, if known.

    `cause` is a fact: an issuer, a date, whom a certificate is for, a status, a kind of proxy.
    """

    passes = True

    def __init__(
        self,
        host: str,
        stage: Stage,
        details: str = "",
        *,
        cause: str = "",
        flaw: Flaw | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.stage: Stage = stage
        self.cause = cause
        self.flaw = flaw

    def _words(self) -> tuple[str, str]:
        from partner_tokens.core.failure_words import unreachable_words

        return unreachable_words(self.host, self.stage, self.flaw, self.cause)


class CaFileUnusable(Unreachable):
    """The extra CA file that was set is missing, unreadable, or holds no certificate."""

    passes = False

    def __init__(self, host: str, details: str = "") -> None:
        super().__init__(host, Stage.TLS, details)

    def _words(self) -> tuple[str, str]:
        return (
            _("The extra CA file cannot be used."),
            _("Choose a file with certificates in PEM form, or do without one."),
        )


class BrokenReply(ServiceError):
    """An answer came that the service should not send: HTML, a redirect, too much, no token.

    `flaw` says what was wrong with it, `status` which it had where that is what was wrong.
    """

    stage = Stage.REPLY

    def __init__(
        self,
        host: str,
        details: str = "",
        *,
        web_page: bool = False,
        moved_to: str = "",
        flaw: Flaw | None = None,
        status: int = 0,
        request_id: str = "",
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.web_page = web_page
        self.moved_to = moved_to
        self.flaw = flaw
        self.status = status

    def _words(self) -> tuple[str, str]:
        from partner_tokens.core.failure_words import broken_words, moved_words, page_words

        if self.moved_to:
            return moved_words(self.host, self.moved_to)
        if self.web_page:
            return page_words(self.host)
        return broken_words(self.host, self.flaw, self.status)


class Throttled(ServiceError):
    """The service asks for patience (429). `again_at` is when it may be asked again, if known."""

    stage = Stage.HTTP
    passes = True

    def __init__(
        self, host: str, again_at: datetime | None, details: str = "", *, request_id: str = ""
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.again_at = again_at

    def _words(self) -> tuple[str, str]:
        return (
            _("{host} asks us to slow down.").format(host=self.host),
            _("Try again in a minute."),
        )


class Refused(ServiceError):
    """The service does not accept the API token; it cannot tell us why (expired, revoked, …).

    `is_app` where it is an OAuth app's id and secret.
    """

    def __init__(
        self, host: str, details: str = "", *, is_app: bool = False, request_id: str = ""
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.is_app = is_app

    def _words(self) -> tuple[str, str]:
        if self.is_app:
            return (
                _("The service refused this app."),
                _(
                    "Its secret may have been replaced, or its id, its organization's id or its "
                    "version may be wrong. Look in the portal, then edit this row."
                ),
            )
        return (
            _("The service refused this token."),
            _(
                "It may have expired, been regenerated, revoked or deactivated, or belong to "
                "another endpoint. Make a new one in the portal and edit this row."
            ),
        )


class DatesUnknown(ServiceError):
    """This service does not tell when an API token was made and when it ends."""

    def _words(self) -> tuple[str, str]:
        return (
            _("{host} does not tell the dates of this token.").format(host=self.host),
            _("Look them up in the portal, then edit the token and type its expiry."),
        )


class TenantsHidden(ServiceError):
    """This token may not see a provider's customers, or its organization has none."""

    def _words(self) -> tuple[str, str]:
        return (
            _("{host} shows this token no customer organizations.").format(host=self.host),
            _("Use a provider's token: of a Provider, Operations or Account Administrator."),
        )


class PasscodeNeeded(ServiceError):
    """The exchange wants the passcode of the user's device; `wrong` if one was refused."""

    def __init__(
        self, host: str, details: str = "", *, wrong: bool = False, request_id: str = ""
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.wrong = wrong

    def _words(self) -> tuple[str, str]:
        if self.wrong:
            return (
                _("The service did not accept this passcode."),
                _(
                    "Wait for the next code on your device, then try again. If none is accepted, "
                    "the token itself may have ended."
                ),
            )
        return (
            _("This token wants a passcode."),
            _("Type the six digits your device shows now."),
        )
