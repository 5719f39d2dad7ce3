"""The user's own forms of a header: texts with placeholders, checked when they are typed.

A value can be anybody's words: the name of an organization comes from a service or from a file. So
a bare placeholder takes only what no shell, no JSON and no page reads as more than text, and
several words only where they stay one; for all else the template says how it is quoted, as in
`{organization:bash}`.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from urllib.parse import quote

from partner_tokens.core.errors.templates import (
    PlaceholderInQuotes,
    PlaceholderUnknown,
    PlaceholderUnquoted,
)
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.formats import Format, Template, bash, cmd, powershell
from partner_tokens.core.lookalike import looks_like_api_token
from partner_tokens.core.redaction import BEARER, JWT
from partner_tokens.core.tokens import clean_name

LONGEST_NAME = 40
LONGEST_TEMPLATE = 2_000
MOST_TEMPLATES = 50

VALUES = (
    "token",
    "header",
    "endpoint",
    "host",
    "organization",
    "organization_id",
    "name",
    "user",
    "expires_at",
)
"""What a placeholder can stand for; `header` is the whole line, `expires_at` is in UTC."""

SECRETS = ("token", "header")

_PLAIN = "_.,:/@+-"


def _for_bash(text: str) -> str:
    """Nothing bash obeys is in it even where it was put into other quotes or a here-document."""
    if _is_harmless(text):
        return bash(text)
    data = ((c, c.encode("utf-8", "surrogatepass")) for c in text)
    return f"$'{''.join(c if _is_plain(c) else ''.join(map(_octal, b)) for c, b in data)}'"


def _octal(byte: int) -> str:
    return f"\\{byte:03o}"


def _for_json(text: str) -> str:
    """The same for JSON, as that is also written in commands."""
    if _is_harmless(text):
        return json.dumps(text)
    units = ((c, c.encode("utf-16-be", "surrogatepass")) for c in text)
    written = (
        c
        if c.isascii() and _is_plain(c)
        else "".join(f"\\u{b[i]:02x}{b[i + 1]:02x}" for i in range(0, len(b), 2))
        for c, b in units
    )
    return f'"{"".join(written)}"'


def _is_plain(c: str) -> bool:
    return c.isalnum() or c in _PLAIN


WITH_QUOTES: Mapping[str, Callable[[str], str]] = {
    "bash": _for_bash,
    "powershell": powershell,
    "cmd": cmd,
    "json": _for_json,
}
"""These bring their own quotes, and so stand outside of any."""

QUOTINGS: Mapping[str, Callable[[str], str]] = {
    **WITH_QUOTES,
    "url": lambda text: quote(text, safe=""),
    "raw": str,
}
"""What may follow a placeholder's colon; `raw` is for texts that no program reads."""

_WORD = "[A-Za-z][A-Za-z0-9_-]*"
_PLACEHOLDER = re.compile(
    rf"\{{\{{(?P<kept>{_WORD}(?::{_WORD})?)\}}\}}"
    rf"|(?<!\$)\{{(?P<of>{_WORD})(?::(?P<by>[A-Za-z0-9_-]*))?\}}"
)
"""A word in braces. Other braces are braces, as JSON has them, and so are a shell's `${name}`.

Doubled braces stand for single ones, which are no placeholder.
"""

ESCAPES = "\\`"
"""What keeps a quote from being one: a backslash in bash, a grave accent in PowerShell."""

_COMMENT = re.compile(r"(?<!\S)#[^\n]*")

_MARKS = frozenset({"Mn", "Mc"})
"""Parts of letters, in Indic scripts and others."""


def clean_template(name: str, text: str) -> Template:
    """A template that can be kept. Raises InputError, by name PlaceholderUnknown where one is."""
    name = clean_name(name)
    if len(name) > LONGEST_NAME:
        raise InputError(Problem.TEXT_TOO_LONG)
    if name.startswith("-") or not name.isprintable():
        raise InputError(Problem.TEMPLATE_NAME_INVALID)
    if name.casefold() in set(Format):
        raise InputError(Problem.TEMPLATE_NAME_TAKEN)
    if _holds_secret(name):
        raise InputError(Problem.TEMPLATE_NAME_IS_SECRET)
    text = text.replace("\r\n", "\n").strip("\n")
    if len(text) > LONGEST_TEMPLATE:
        raise InputError(Problem.TEXT_TOO_LONG)
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text):
        raise InputError(Problem.TEXT_UNPRINTABLE)
    found = [match for match in _PLACEHOLDER.finditer(text) if not match["kept"]]
    for match in found:
        _check(match, text)
    if not any(match["of"] in SECRETS for match in found):
        raise InputError(Problem.TEMPLATE_WITHOUT_TOKEN)
    if _holds_secret(_PLACEHOLDER.sub(" ", text)):
        raise InputError(Problem.TEMPLATE_HOLDS_SECRET)
    return Template(name, text)


def filled(template: Template, values: Mapping[str, str]) -> str:
    """The text with a value for each of VALUES. Raises PlaceholderUnquoted."""

    def value(match: re.Match[str]) -> str:
        if match["kept"]:
            return f"{{{match['kept']}}}"
        text = values[match["of"]]
        if match["by"] is not None:
            return QUOTINGS[match["by"]](text)
        is_one = " " not in text or match["of"] in SECRETS
        if not _is_harmless(text) or not (is_one or _may_hold_words(template.text, match)):
            raise PlaceholderUnquoted(match["of"], tuple(QUOTINGS))
        return text

    return _PLACEHOLDER.sub(value, template.text)


def _check(match: re.Match[str], text: str) -> None:
    if match["of"] not in VALUES:
        raise PlaceholderUnknown(match["of"], VALUES)
    if match["by"] is not None and match["by"] not in QUOTINGS:
        raise PlaceholderUnknown(f"{match['of']}:{match['by']}", tuple(QUOTINGS))
    if match["by"] in WITH_QUOTES and _is_inside_quotes(text[: match.start()]):
        raise PlaceholderInQuotes(match["of"], match["by"])


def _is_inside_quotes(before: str) -> bool:
    """Whether quotes may be open, in the line or in the whole text, however it is read.

    Quotes in quotes would end the outer ones, and bare words would stand between; behind a sign
    that escapes they would be none.
    """
    before = _PLACEHOLDER.sub("", before)
    line = before.rpartition("\n")[2]
    return (
        before.endswith((*ESCAPES, "^"))
        or any(part.count(mark) % 2 for part in (line, before) for mark in "\"'")
        or any(_are_open(before, escape, if_nested=True) for escape in ESCAPES)
    )


def _may_hold_words(text: str, match: re.Match[str]) -> bool:
    """Whether several words stay one value here: surely in quotes, or in a line of comment.

    Elsewhere the second could be a command, or an address that the token is sent to.
    """
    before = _PLACEHOLDER.sub("", text[: match.start()])
    return before.rpartition("\n")[2].lstrip().startswith("#") or all(
        _are_open(before, escape, if_nested=False) for escape in ESCAPES
    )


def _are_open(text: str, escape: str, *, if_nested: bool) -> bool:
    """Whether quotes are open at its end, for a shell with this escape.

    `if_nested` is the answer once a command stands in quotes: it may have quotes of its own.
    """
    quote, at = "", 0
    while at < len(text):
        c = text[at]
        if c == escape and quote != "'":
            at += 1
        elif quote == '"' and (c == "`" or text.startswith("$(", at)):
            return if_nested
        elif not quote and (comment := _COMMENT.match(text, at)):  # an apostrophe in it is none
            at = comment.end()
        elif c == quote:
            quote = ""
        elif not quote and c in {'"', "'"}:
            quote = c
        at += 1
    return bool(quote)


def _is_harmless(text: str) -> bool:
    """Letters, digits and some signs; no word begins as an option, a home or a command does."""
    return all(
        c.isalnum() or c in " .,:/@+=_-" or unicodedata.category(c) in _MARKS for c in text
    ) and not any(word[0] in "-=@" for word in text.split())


def _holds_secret(text: str) -> bool:
    """Whether a token stands in it, of which the placeholder should be there instead."""
    runs = re.findall(r"[A-Za-z0-9+/=_-]+", text)
    return bool(JWT.search(text) or BEARER.search(text)) or any(map(looks_like_api_token, runs))
