"""An access token as a header, a command or a variable, quoted for the program that reads it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from partner_tokens.core.secret import Secret

HEADER = "csp-auth-token"
"""The header of every Navigator call (vendor's guide: "Using the Cloud Partner Navigator API")."""

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


@dataclass(frozen=True, slots=True)
class Template:
    """A form of the user's own, clean as `core.templates` makes it."""

    name: str
    text: str
    """What is written, with placeholders such as `{token}` or `{organization:bash}`."""


Form = Format | Template


def render(form: Format, access: Secret, endpoint: str) -> str:
    """The text to paste. `endpoint` is the root of the commands' address.

    The lines for cmd are for its prompt: inside a batch file percent signs are read differently.
    """
    token = access.reveal()
    line, address = f"{HEADER}: {token}", f"{endpoint}/"
    match form:
        case Format.TOKEN:
            return token
        case Format.HEADER:
            return line
        case Format.BEARER:
            return f"Authorization: Bearer {token}"
        case Format.CURL:
            return f"curl -H {bash(line)} {bash(address)}"
        case Format.CURL_CMD:
            return f"curl.exe -H {cmd(line)} {cmd(address)}"
        case Format.POWERSHELL:
            headers = f"@{{ {powershell(HEADER)} = {powershell(token)} }}"
            return (
                f"$request = @{{ Uri = {powershell(address)}; Headers = {headers} }}\n"
                "Invoke-RestMethod @request"
            )
        case Format.HTTPIE:
            # The blank keeps a token that begins with = or @ from being taken for JSON or a file.
            return f"http GET {bash(address)} {bash(line)}"
        case Format.PYTHON:
            return f"requests.get({address!r}, headers={{{HEADER!r}: {token!r}}})"
        case Format.ENV_BASH:
            return f"export {VARIABLE}={bash(token)}"
        case Format.ENV_POWERSHELL:
            return f"$env:{VARIABLE} = {powershell(token)}"
        case Format.ENV_CMD:
            return f"set {_cmd_assignment(VARIABLE, token)}"
    assert_never(form)


def bash(text: str) -> str:
    """Single quotes keep everything but themselves."""
    return "'" + text.replace("'", "'\\''") + "'"


def powershell(text: str) -> str:
    """Single quotes keep everything but themselves; PowerShell takes typographic ones for them."""
    return "'" + re.sub("(['‘’‚‛])", r"\1\1", text) + "'"


def cmd(text: str) -> str:
    """One argument: cmd hands it on to the program, whose C library takes the quotes off."""
    doubled = re.sub(r'(\\*)"', r'\1\1\\"', text)
    argument = '"' + re.sub(r"(\\+)$", r"\1\1", doubled) + '"'
    return argument if _is_safe_in_cmd_quotes(text) else _careted(argument)


def _cmd_assignment(name: str, text: str) -> str:
    """What follows `set`: in quotes, which it takes off, as long as those keep everything."""
    return f'"{name}={text}"' if _is_safe_in_cmd_quotes(text) else f"{name}={_careted(text)}"


def _is_safe_in_cmd_quotes(text: str) -> bool:
    """Inside double quotes cmd sees nothing but the end of the quotes and `%name%`."""
    return '"' not in text and "%" not in text


def _careted(text: str) -> str:
    """Outside quotes a caret takes the meaning from the next character, quotes included.

    `%name%` is looked for before carets are heeded: so one stands behind each percent sign, too,
    for nobody has a variable whose name begins with a caret.
    """
    return re.sub(r"(?<=%).|[^\w\s:./,;=+-]", r"^\g<0>", text)
