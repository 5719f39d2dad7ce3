"""An access token as a header, a command or a variable, quoted for the program that reads it."""

from enum import StrEnum

from partner_tokens.core.secret import Secret

HEADER = "csp-auth-token"
"""The header every Navigator call takes (vendor's guide: "Using the Cloud Partner Navigator API")."""

VARIABLE = "CSP_AUTH_TOKEN"


class Format(StrEnum):
    """The forms in which an access token can be copied or printed."""

    HEADER = "header"
    BEARER = "bearer"
    TOKEN = "token"
    CURL = "curl"
    CURL_CMD = "curl-cmd"
    POWERSHELL = "powershell"
    HTTPIE = "httpie"
    PYTHON = "python"
    ENV_BASH = "env-bash"
    ENV_POWERSHELL = "env-powershell"
    ENV_CMD = "env-cmd"


def render(form: Format, access: Secret, endpoint: str) -> str:
    """The text to paste. `endpoint` is the root of the commands' address."""
    token = access.reveal()
    line = f"{HEADER}: {token}"
    match form:
        case Format.TOKEN:
            return token
        case Format.HEADER:
            return line
        case Format.BEARER:
            return f"Authorization: Bearer {token}"
        case Format.CURL:
            return f"curl -H {_bash(line)} {_bash(endpoint + '/')}"
        case Format.CURL_CMD:
            return f"curl.exe -H {_cmd(line)} {_cmd(endpoint + '/')}"
        case Format.POWERSHELL:
            headers = f"@{{ {_powershell(HEADER)} = {_powershell(token)} }}"
            return (
                f"$request = @{{ Uri = {_powershell(endpoint + '/')}; Headers = {headers} }}\n"
                "Invoke-RestMethod @request"
            )
        case Format.HTTPIE:
            return f"http {_bash(endpoint + '/')} {_bash(f'{HEADER}:{token}')}"
        case Format.PYTHON:
            return f"requests.get({endpoint + '/'!r}, headers={{{HEADER!r}: {token!r}}})"
        case Format.ENV_BASH:
            return f"export {VARIABLE}={_bash(token)}"
        case Format.ENV_POWERSHELL:
            return f"$env:{VARIABLE} = {_powershell(token)}"
        case Format.ENV_CMD:
            return f'set "{VARIABLE}={_percent(token)}"'


def _bash(text: str) -> str:
    """Single quotes keep everything but themselves."""
    return "'" + text.replace("'", "'\\''") + "'"


def _powershell(text: str) -> str:
    """Single quotes keep everything; PowerShell takes the typographic ones for the same."""
    for quote in "'‘’‚‛":
        text = text.replace(quote, quote * 2)
    return f"'{text}'"


def _cmd(text: str) -> str:
    """Double quotes for the program's own parser, percent signs doubled for cmd."""
    return '"' + _percent(text).replace('"', '\\"') + '"'


def _percent(text: str) -> str:
    """In a line typed at the prompt `%name%` would be replaced; a caret breaks the name."""
    return text.replace("%", "%^")
