"""Tokens out of the settings of other programs: INI and JSON."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from partner_tokens.core.blocks import Placed, is_one_value, own_values
from partner_tokens.core.columns import Found, Meaning, meaning_of
from partner_tokens.core.environment import in_quotes
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.secret import Secret
from partner_tokens.core.sheets import FIELDS, MOST_ROWS

Pair = tuple[str, str]
"""A key and its value."""

HEAD = re.compile(r"\[{1,2}([^\[\]\n]+)\]")
"""How a section begins; TOML has two brackets for one of several of the same name."""

SECTION = re.compile(r"^[ \t]*\[{1,2}[^\[\]\n]+\]{1,2}[ \t]*(?:[#;].*)?$", re.MULTILINE)
SIGNS = re.compile("[=:]")
"""What stands between a key and its value, of which the first counts."""

LISTS = frozenset({"values", "variable", "variables"})
"""Keys of lists whose settings are named by what they lie in: Postman's, and a CI's."""

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
    sections = _sections(text)
    if sections is None:
        return None
    if len(sections) > MOST_ROWS:
        raise Unimportable(Unusable.TOO_MANY_ROWS, source)
    found: list[Found] = []
    for section, settings in sections:
        owner = "" if section.casefold() in OWNERLESS else section
        common = [pair for pair in settings if not pair[0].startswith(PREFIXES)]
        found += _from_settings(common, source, name=owner)
        addresses = [pair for pair in common if meaning_of(pair[0]) is Meaning.ENDPOINT]
        for prefix in PREFIXES:
            mine = [
                (key.removeprefix(prefix), value)
                for key, value in settings
                if key.startswith(prefix)
            ]
            if all(meaning_of(key) is not Meaning.ENDPOINT for key, _value in mine):
                mine += addresses
            found += _from_settings(mine, source, name=prefix.rstrip("_"))
    return tuple(found)


def _sections(text: str) -> list[tuple[str, list[Pair]]] | None:
    """The sections with their settings, each name and key as often as it is there.

    The standard library's parser keeps the last of each only. None where some line is in no
    section, or has no key.
    """
    sections: list[tuple[str, list[Pair]]] = []
    for line in map(str.strip, text.split("\n")):
        head = HEAD.match(line)
        key, _sign, value = SIGNS.sub("=", line, count=1).partition("=")
        if not line or line[0] in "#;":
            continue
        if head is not None:
            sections.append((head[1], []))
        elif not sections or not key.strip():
            return None
        else:
            quoted = in_quotes(value.strip())
            sections[-1][1].append((key.strip().lower(), quoted or value.strip()))
    return sections


def tokens_in_json(text: str, source: str) -> tuple[Found, ...] | None:
    """The tokens of `credentials.json`, a Postman environment, or a list of such objects.

    None where this is no JSON object or list. Raises Unimportable where it begins as one.
    """
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        content = json.loads(text, object_pairs_hook=_Object)
    except RecursionError:
        raise Unimportable(Unusable.TOO_DEEP, source) from None
    except ValueError:
        if SECTION.match(text.lstrip()):
            return None  # an INI file begins with a bracket, too
        raise Unimportable(Unusable.BROKEN, source) from None
    found: list[Found] = []
    for count, (settings, name) in enumerate(_objects(content)):
        found += _from_settings(settings, source, name=name)
        if len(found) > MOST_ROWS or count > MOST_OBJECTS:
            raise Unimportable(Unusable.TOO_MANY_ROWS, source)
    return tuple(found)


class _Object(list[tuple[str, Any]]):
    """A JSON object with every key as often as it is there."""


def _objects(content: Any) -> Iterator[tuple[list[Pair], str]]:
    """Every object in the content, outermost first, with the name it lies under."""
    left: list[tuple[Any, str]] = [(content, "")]
    while left:
        node, name = left.pop()
        if isinstance(node, _Object):
            yield list(_texts(node)), name
            title = next((value for key, value in node if key == "name"), name)
            left += [(child, str(title) if key in LISTS else key) for key, child in reversed(node)]
        elif isinstance(node, list):
            pairs, others = _told_apart(node)
            if pairs:
                yield pairs, name
            left += [(child, name) for child in reversed(others)]


def _texts(node: _Object) -> Iterator[Pair]:
    """The texts of an object, those of a list of tokens among them."""
    for key, value in node:
        if isinstance(value, str):
            yield key, value
        elif type(value) is list and meaning_of(key) is Meaning.TOKEN:
            yield from ((key, each) for each in value if isinstance(each, str))


def _told_apart(node: list[Any]) -> tuple[list[Pair], list[Any]]:
    """The settings among the children of a list, and its other children."""
    pairs: list[Pair] = []
    others: list[Any] = []
    for child in node:
        pair = _pair(child)
        if pair is None:
            others.append(child)
        else:
            pairs.append(pair)
    return pairs, others


def _pair(node: Any) -> Pair | None:
    """The setting that an object of a list is: Postman writes `{"key": …, "value": …}`."""
    if not isinstance(node, _Object):
        return None
    said = dict(node)
    key, value = said.get("key"), said.get("value")
    return (key, value) if isinstance(key, str) and isinstance(value, str) else None


def _from_settings(settings: Sequence[Pair], source: str, *, name: str) -> Iterator[Found]:
    """All tokens among the settings, with what they say of each; `name` is that of all of them."""
    said: dict[Meaning, list[Placed]] = defaultdict(list)
    for place, (key, value) in enumerate(settings):
        if value.strip():
            said[meaning_of(key)].append((place, value.strip()))
    tokens, apps = _once(said[Meaning.TOKEN]), _once(said[Meaning.CLIENT_SECRET])
    client_ids = _shared(apps, said.pop(Meaning.CLIENT_ID, []))
    apps = [app for app, client_id in zip(apps, client_ids, strict=True) if client_id]
    secrets = sorted(tokens + apps)
    texts: dict[str, tuple[str | None, ...]] = {
        field: _shared(secrets, said[meaning])
        for meaning, field in FIELDS.items()
        if meaning is not Meaning.CLIENT_ID
    }
    named = dict(zip(apps, filter(None, client_ids), strict=True))
    for nth, secret in enumerate(secrets):
        mine: dict[str, Any] = {field: values[nth] or "" for field, values in texts.items()}
        mine["organization"] = mine["organization"] or name
        if len(secrets) > 1:
            mine["name"] = mine["name"] or settings[secret[0]][0]
        yield Found(
            Secret(secret[1]),
            source=source,
            client_id=named.get(secret, ""),
            is_endpoint_unclear=texts["endpoint"][nth] is None,
            **mine,
        )


def _once(secrets: Iterable[Placed]) -> list[Placed]:
    """The same secret under two keys is one token."""
    first: dict[str, int] = {}
    for place, value in secrets:
        first.setdefault(value, place)
    return [(place, value) for value, place in first.items()]


def _shared(secrets: Sequence[Placed], values: Sequence[Placed]) -> tuple[str | None, ...]:
    """For each secret what is said of it; empty where nothing is, None where that is unclear."""
    if not values or len(secrets) == 1 or is_one_value(values):
        return (values[0][1] if values else "",) * len(secrets)
    return own_values([place for place, _secret in secrets], values)
