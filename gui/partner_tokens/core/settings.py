"""Tokens out of the settings of other programs: INI, environment files, JSON."""

import json
import re
from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from typing import Any

from partner_tokens.core.columns import Found, Meaning, meaning_of
from partner_tokens.core.errors import Unimportable, Unusable
from partner_tokens.core.secret import Secret
from partner_tokens.core.sheets import FIELDS, MOST_ROWS

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

ADDRESSES = frozenset({"CSP_URL", "CSP_HOST", "CSP_API_URL", "VMW_CLOUD_ENDPOINT"})
ORGANIZATION_IDS = frozenset({"TANZU_CLI_CLOUD_SERVICES_ORGANIZATION_ID", "ORG_ID", "CSP_ORG_ID"})

SETTING = re.compile(
    r"""[ \t]*(?:export[ \t]+|set[ \t]+|\$env:)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)"""
)
SECTION = re.compile(r"^[ \t]*\[[^\]\n]+\][ \t]*$", re.MULTILINE)
NO_SECTION = "\n"
"""No section's values hold for the others: a token is one token, under [DEFAULT] too."""

MOST_OBJECTS = 100_000
"""Of one JSON text; ten for each token."""

OWNERLESS = frozenset({"vmcconfig", "default", "config", "token", "tokens", "settings"})
"""Sections that name no organization, pyVMC's own among them."""

PREFIXES = ("source_", "dest_")
"""sddc-import-export names two organizations in one section."""


def tokens_in_ini(text: str, source: str) -> tuple[Found, ...] | None:
    """The tokens of pyVMC's and sddc-import-export's files; None where this is no INI.

    Raises Unimportable where it has too many sections.
    """
    if not SECTION.search(text):
        return None
    parser = ConfigParser(
        interpolation=None, strict=False, allow_no_value=True, default_section=NO_SECTION
    )
    try:
        # Without indents no line goes on another: after a key without value Python stumbles there.
        parser.read_string("\n".join(line.strip() for line in text.split("\n")))
    except Error:
        return None
    if len(parser.sections()) > MOST_ROWS:
        raise Unimportable(Unusable.TOO_MANY_ROWS, source)
    found: list[Found] = []
    for section in parser.sections():
        settings = {key: value or "" for key, value in parser.items(section)}
        for prefix in ("", *PREFIXES):
            mine = {
                key.removeprefix(prefix): value
                for key, value in settings.items()
                if key.startswith(prefix) and (prefix or not key.startswith(PREFIXES))
            }
            owner = "" if section.casefold() in OWNERLESS else section
            found += _from_mapping(mine, source, name=prefix.rstrip("_") or owner)
    return tuple(found)


def tokens_in_environment(text: str, source: str) -> tuple[Found, ...] | None:
    """The tokens of an environment file; None where no line of it names one."""
    settings = [
        (match[1], _unquoted(match[2]), number)
        for number, line in enumerate(text.split("\n"), 1)
        if (match := SETTING.match(line)) is not None
    ]
    upper = {name.upper(): value for name, value, _line in settings}
    endpoint = next((upper[name] for name in upper if name in ADDRESSES), "")
    service_id = next((upper[name] for name in upper if name in ORGANIZATION_IDS), "")
    found = []
    for name, value, line in settings:
        variable = next((v for v in VARIABLES if _is_or_ends_with(name.upper(), v)), None)
        if variable is not None:
            owner = name[: -len(variable)].strip("_").replace("_", " ")
            found.append(
                Found(
                    Secret(value),
                    organization=owner,
                    name=variable,
                    endpoint=endpoint,
                    service_id="" if owner else service_id,
                    source=source,
                    line=line,
                )
            )
    return tuple(found) or None


def tokens_in_json(text: str, source: str) -> tuple[Found, ...] | None:
    """The tokens of `credentials.json`, a Postman environment, or a list of such objects.

    None where this is no JSON object or list. Raises Unimportable where it begins as one.
    """
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        content = json.loads(text)
    except RecursionError:
        raise Unimportable(Unusable.TOO_DEEP, source) from None
    except ValueError:
        if SECTION.match(text.lstrip()):
            return None  # an INI file begins with a bracket, too
        raise Unimportable(Unusable.BROKEN, source) from None
    found: list[Found] = []
    for count, (mapping, name) in enumerate(_mappings(content)):
        found += _from_mapping(mapping, source, name=name)
        if len(found) > MOST_ROWS or count > MOST_OBJECTS:
            raise Unimportable(Unusable.TOO_MANY_ROWS, source)
    return tuple(found)


def _mappings(content: Any) -> Iterator[tuple[dict[str, str], str]]:
    """Every object in the content, outermost first, with the name it lies under."""
    left: list[tuple[Any, str]] = [(content, "")]
    while left:
        node, name = left.pop()
        if isinstance(node, dict):
            values = node.get("values")
            if isinstance(values, list):  # Postman: a list of keys and values
                yield _postman(values), str(node.get("name", name))
                continue
            texts = {key: value for key, value in node.items() if isinstance(value, str)}
            yield texts, name
            left += [(child, key) for key, child in reversed(node.items())]
        elif isinstance(node, list):
            left += [(child, name) for child in reversed(node)]


def _postman(values: list[Any]) -> dict[str, str]:
    return {
        value["key"]: value["value"]
        for value in values
        if isinstance(value, dict)
        and isinstance(value.get("key"), str)
        and isinstance(value.get("value"), str)
    }


def _from_mapping(settings: Mapping[str, str], source: str, *, name: str) -> Iterator[Found]:
    """The token among the settings, with what they say about it; `name` is that of all of them."""
    texts: dict[str, Any] = {}
    secret: str | None = None
    client_secret: str | None = None
    for key, value in settings.items():
        meaning = meaning_of(key)
        if meaning is Meaning.TOKEN and value.strip():
            secret = value if secret is None else secret
        elif meaning is Meaning.CLIENT_SECRET and value.strip():
            client_secret = value if client_secret is None else client_secret
        elif meaning in FIELDS and FIELDS[meaning] not in texts:
            texts[FIELDS[meaning]] = value.strip()
    if secret is not None:
        texts.pop("client_id", None)  # two ways in for the same: the token is one
    elif texts.get("client_id"):
        secret = client_secret
    if secret is not None:
        if name and not texts.get("organization"):
            texts["organization"] = name
        yield Found(Secret(secret), source=source, **texts)


def _is_or_ends_with(name: str, variable: str) -> bool:
    return name == variable or name.endswith(f"_{variable}")


def _unquoted(value: str) -> str:
    """A value of an environment file: what stands in quotes, else up to a comment."""
    value = value.strip()
    if value[:1] in {"'", '"'} and value.count(value[0]) > 1:
        return value[1 : value.index(value[0], 1)]
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip().rstrip(";").strip()
