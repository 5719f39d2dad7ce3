"""What is wrong with something a user typed."""

from enum import StrEnum
from typing import assert_never

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _


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
