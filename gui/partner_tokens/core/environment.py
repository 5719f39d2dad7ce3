"""Tokens out of environment files: each with the address and the id of its own block."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from partner_tokens.core.blocks import Placed, are_paragraphs, is_one_value, own_values
from partner_tokens.core.columns import Found
from partner_tokens.core.secret import Secret

VARIABLES = (
    "VMW_CLOUD_API_TOKEN",
    "VRA_REFRESH_TOKEN",
    "NSXT_VMC_TOKEN",
    "TANZU_API_TOKEN",
    "CSP_API_TOKEN",
    "REFRESH_TOKEN",
    "API_TOKEN",
)
"""Names under which Terraform's providers, the Tanzu CLI and their like read an API token."""

ADDRESSES = ("CSP_URL", "CSP_HOST", "CSP_API_URL", "VMW_CLOUD_ENDPOINT")
ORGANIZATION_IDS = ("TANZU_CLI_CLOUD_SERVICES_ORGANIZATION_ID", "CSP_ORG_ID", "ORG_ID")

SETTING = re.compile(
    r"""[ \t]*(?:export[ \t]+|set[ \t]+|\$env:)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)"""
)
ENDS = frozenset({"", "}"})
"""Lines between two blocks; the brace is Terraform's."""


class _Setting(NamedTuple):
    """A variable that is known; `owner` is what stands before its name: CONTOSO_CSP_URL."""

    variable: str
    owner: str
    value: str
    line: int


class _Known(NamedTuple):
    """What a file says of its tokens, in the order of its lines."""

    tokens: list[_Setting]
    addresses: list[_Setting]
    ids: list[_Setting]


def tokens_in_environment(text: str, source: str) -> tuple[Found, ...] | None:
    """The tokens of an environment file; None where no line of it names one."""
    lines = text.split("\n")
    known = _known(lines)
    tokens = known.tokens
    if not tokens:
        return None
    breaks = [number for number, line in enumerate(lines, 1) if line.strip() in ENDS]
    others = [setting.line for setting in (*known.addresses, *known.ids)]
    if not are_paragraphs([token.line for token in tokens], others, breaks):
        breaks = []
    endpoints = _values(tokens, known.addresses, breaks, is_for_owners=True)
    ids = _values(tokens, known.ids, breaks, is_for_owners=False)
    return tuple(
        Found(
            Secret(token.value),
            organization=token.owner,
            name=token.variable,
            endpoint=endpoint or "",
            is_endpoint_unclear=endpoint is None,
            service_id=service_id or "",
            source=source,
            line=token.line,
        )
        for token, endpoint, service_id in zip(tokens, endpoints, ids, strict=True)
    )


def _known(lines: Iterable[str]) -> _Known:
    known = _Known([], [], [])
    kinds = list(zip((VARIABLES, ADDRESSES, ORGANIZATION_IDS), known, strict=True))
    for number, line in enumerate(lines, 1):
        match = SETTING.match(line)
        if match is None:
            continue
        for variables, settings in kinds:
            variable = next((v for v in variables if _is_or_ends_with(match[1].upper(), v)), None)
            value = _unquoted(match[2]) if variable else ""
            if variable and (value or variables is VARIABLES):
                owner = match[1][: -len(variable)].strip("_").replace("_", " ")
                settings.append(_Setting(variable, owner, value, number))
                break
    return known


def _values(
    tokens: Sequence[_Setting],
    settings: Sequence[_Setting],
    breaks: Sequence[int],
    *,
    is_for_owners: bool,
) -> list[str | None]:
    """For each token its value; empty where none is meant for it, None where that is unclear.

    What stands before the names of both joins them, wherever they stand. One value for all of
    an environment is that of tokens with an owner only if it `is_for_owners`.
    """
    of_owner: dict[str, list[Placed]] = defaultdict(list)
    for setting in settings:
        of_owner[setting.owner.casefold()].append((setting.line, setting.value))
    sharing: dict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(tokens):
        owner = token.owner.casefold()
        sharing[owner if owner in of_owner else ""].append(place)
    values: list[str | None] = [""] * len(tokens)
    for owner, places in sharing.items():
        theirs, said = [tokens[place] for place in places], of_owner.get(owner, [])
        if is_one_value(said) and _are_one_environment(theirs):
            for place, token in zip(places, theirs, strict=True):
                is_meant = is_for_owners or token.owner.casefold() == owner
                values[place] = said[0][1] if is_meant else ""
        elif said:
            own = own_values([token.line for token in theirs], said, breaks)
            for place, value in zip(places, own, strict=True):
                values[place] = value
    return values


def _are_one_environment(tokens: Sequence[_Setting]) -> bool:
    """Whether no variable is set to two values."""
    return len({(t.owner.casefold(), t.variable) for t in tokens}) == len(
        set(map(_of_token, tokens))
    )


def _of_token(token: _Setting) -> tuple[str, str, str]:
    return token.owner.casefold(), token.variable, token.value


def _is_or_ends_with(name: str, variable: str) -> bool:
    return name == variable or name.endswith(f"_{variable}")


def _unquoted(value: str) -> str:
    """A value of an environment file: what stands in quotes, else up to a comment."""
    value = value.strip()
    quoted = in_quotes(value)
    if quoted is not None:
        return quoted
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip().rstrip(";").strip()


def in_quotes(value: str) -> str | None:
    """What stands in the quotes that a value begins with; None where they are not closed."""
    if value[:1] in {"'", '"'} and value.count(value[0]) > 1:
        return value[1 : value.index(value[0], 1)]
    return None
