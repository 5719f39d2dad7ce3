"""Tokens out of texts and files: which kind of source it is, and what it holds."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from partner_tokens.core.age_file import (
    SealedFile,
    is_age,
    is_armoured,
    sealed_file,
    sealed_text,
)
from partner_tokens.core.blocks import is_one_value, own_values
from partner_tokens.core.columns import (
    DEFAULT_NAME,
    Found,
    Meaning,
    looks_like_token,
    meaning_of,
    plain,
)
from partner_tokens.core.documents import (
    MOST_BYTES_IN_ALL,
    Document,
    checked,
    content_of,
    decoded,
    files_among,
)
from partner_tokens.core.environment import tokens_in_environment
from partner_tokens.core.errors.files import ColumnUnread, Unimportable, Unusable
from partner_tokens.core.handover import tokens_in_handover
from partner_tokens.core.lookalike import lookalikes, looks_like_api_token
from partner_tokens.core.secret import Secret
from partner_tokens.core.settings import tokens_in_ini, tokens_in_json
from partner_tokens.core.sheets import MOST_ROWS, Sheet, sheet_from
from partner_tokens.core.tokens import AROUND_TOKENS

SAYS_NOTHING = frozenset(
    {"", "api token", "token", "tokens", "credentials", "config", "configuration", "env"}
    | {"environment", "export", "vmc", "secret", "secrets", "terraform", "untitled", "download"}
    | {"new text document", "list", "sin titulo", "set"}
)
"""File names, and words before a token, that name no organization."""

HOST = re.compile(r"""["']?(?:https?://)?[\w-]++\.[\w-]\S*+""")
"""An address, or a host alone."""


SETTING = re.compile(r"([A-Za-z_]\w*)=(.+)")


class Origin(NamedTuple):
    """Where a row stands; it is the same whatever its columns are said to mean."""

    source: str
    line: int
    nth: int
    """From 0: among the tables of the source, or among the rows of the same line."""
    in_table: bool
    further: int = 0
    """From 0: among the tokens of one row of a table."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found: in tables, whose columns may be corrected, and in `others`.

    `left_out` are the files that could not be used, each with its reason; `sealed` are those that
    wait for their passphrases.
    """

    others: tuple[Found, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    left_out: tuple[Unimportable, ...] = field(default=())
    sealed: tuple[SealedFile, ...] = field(default=())

    @property
    def has_rows(self) -> bool:
        """Whether anything is found, without looking at each row."""
        return bool(self.others) or any(sheet.is_read for sheet in self.sheets)

    @property
    def found(self) -> tuple[Found, ...]:
        """All of it; a table whose token column cannot be told has no rows yet."""
        return tuple(found for _origin, found in self.rows)

    @property
    def rows(self) -> tuple[tuple[Origin, Found], ...]:
        """The same, each with where it stands."""
        tables: Counter[str] = Counter()
        lines: Counter[tuple[str, int]] = Counter()
        rows = []
        for sheet in self.sheets:
            table = tables[sheet.source]
            tables[sheet.source] += 1
            before = Counter[int]()
            for one in sheet.found():
                further = before[one.line]
                before[one.line] += 1
                origin = Origin(sheet.source, one.line, table, in_table=True, further=further)
                rows.append((origin, named(one)))
        for one in self.others:
            spot = (one.source, one.line)
            rows.append((Origin(*spot, lines[spot], in_table=False), one))
            lines[spot] += 1
        return tuple(rows)

    @property
    def unread(self) -> tuple[Unimportable, ...]:
        """What is to be said of the tables in which no column looks like tokens."""
        unread = (sheet for sheet in self.sheets if not sheet.is_read)
        return tuple(Unimportable(Unusable.NO_TOKENS, sheet.source) for sheet in unread)

    @property
    def passed_over(self) -> tuple[ColumnUnread, ...]:
        """What is to be said of columns beside the tokens that look like such, and are not used.

        They may hold check sums, and are no rows; but the source is not to be deleted unseen.
        """
        return tuple(
            ColumnUnread(sheet.source, sheet.heading(place), place + 1)
            for sheet in self.sheets
            if sheet.is_read
            for place in sheet.passed_over
        )


def read_files(paths: Iterable[Path]) -> Reading:
    """All tokens in these files and folders. Raises Unimportable where no file can be used.

    A file among many that is no source of tokens is left out, and said so.
    """
    readings: list[Reading] = []
    left_out: list[Unimportable] = []
    places, size = list(paths), 0
    for file in files_among(places):
        try:
            content = content_of(file)
            size += len(content)
            if size > MOST_BYTES_IN_ALL:
                raise Unimportable(Unusable.TOO_LARGE, file.name)
            readings.append(read_content(content, file.name))
        except Unimportable as error:
            left_out.append(error)
            if size > MOST_BYTES_IN_ALL:
                break
    if not readings:
        names = ", ".join(path.name for path in places)
        raise left_out[0] if left_out else Unimportable(Unusable.NO_TOKENS, names)
    return joined([*readings, Reading(left_out=tuple(left_out))])


def joined(readings: Sequence[Reading]) -> Reading:
    """All of them as one. Raises Unimportable."""
    others = tuple(one for reading in readings for one in reading.others)
    sheets = tuple(sheet for reading in readings for sheet in reading.sheets)
    if len(others) + sum(len(sheet.rows) for sheet in sheets) > MOST_ROWS:
        raise Unimportable(Unusable.TOO_MANY_ROWS, "")
    return Reading(
        others,
        sheets,
        tuple(error for reading in readings for error in reading.left_out),
        tuple(file for reading in readings for file in reading.sealed),
    )


def read_sealed(file: SealedFile, passphrase: Secret) -> Reading:
    """All tokens in an age file; takes about a second.

    Raises Unimportable and WrongFilePassphrase.
    """
    return read_content(file.opened(passphrase), file.inner_name)


def read_content(content: bytes, name: str) -> Reading:
    """All tokens in the bytes of a file, or the age file that it is. Raises Unimportable."""
    if is_age(content):
        return Reading(sealed=(sealed_file(content, name),))
    return read(Document(name, decoded(content, name)))


def read_text(text: str) -> Reading:
    """All tokens in a pasted text. Raises Unimportable."""
    return read(Document("", checked(text)))


def read(document: Document) -> Reading:
    """All tokens in one document. Raises Unimportable where there is none.

    A table whose token column cannot be told is given without rows, to be corrected.
    """
    text, name = document.text, document.name
    if is_armoured(text):
        return Reading(sealed=(sealed_text(text, name),))
    handed_over = tokens_in_handover(text, name)
    if handed_over is not None:
        return _whole(handed_over, name)
    attempts: tuple[Callable[[str, str], tuple[Found, ...] | None], ...] = (
        tokens_in_json,
        tokens_in_ini,
        tokens_in_environment,
    )
    for attempt in attempts:
        found = attempt(text, name)
        if found is not None:
            return _whole(found + _passed_over(document, found), name)
    sheet = sheet_from(text, name)
    if sheet is not None:
        return Reading(sheets=(sheet,))
    found = _tokens_in_lines(text, name)
    return _whole(found + _passed_over(document, found), name)


def named(found: Found) -> Found:
    """With a name, and with the organization that the file's name tells where nothing else does.

    `Contoso - billing.txt` is the token billing of Contoso.
    """
    stem = "" if found.line else Path(found.source).stem.strip(" .")
    if plain(stem) in SAYS_NOTHING:
        stem = ""
    organization, _dash, name = stem.partition(" - ")
    if found.organization or found.service_id:
        organization = found.organization
    return replace(found, organization=organization, name=found.name or name or DEFAULT_NAME)


def _whole(found: tuple[Found, ...], name: str) -> Reading:
    if not found:
        raise Unimportable(Unusable.NO_TOKENS, name)
    if len(found) > MOST_ROWS:
        raise Unimportable(Unusable.TOO_MANY_ROWS, name)
    return Reading(tuple(named(one) for one in found))


def _passed_over(document: Document, found: tuple[Found, ...]) -> tuple[Found, ...]:
    """What looks like a token beside those found, where no reader looks for one.

    It has no organization, so that it is shown and not stored unasked: it may be anything.
    """
    if not found:
        return ()
    known: set[str] = set()
    for one in found:
        texts = (one.secret.reveal(), one.organization, one.name, one.note, one.client_id)
        words = re.split(r"[\s:]", " ".join(texts))  # an app's id stands before its secret
        known.update(word.strip(AROUND_TOKENS) for word in words)
    others = {each.word: each for each in lookalikes(document.text) if each.word not in known}
    return tuple(
        Found(Secret(each.word), name=each.key, source=document.name, line=each.line)
        for each in others.values()
    )


def _tokens_in_lines(text: str, name: str) -> tuple[Found, ...]:
    """One token a line; words in front of it name its organization.

    In a file, lines around a token (a heading, an advice) are passed over, and a file with one
    token is named by its name instead of its line.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) > MOST_ROWS:
        raise Unimportable(Unusable.TOO_MANY_ROWS, name)
    found = [_in_line(number, line, name) for number, line in lines]
    likely = [one for one in found if looks_like_token(one.secret.reveal())]
    if len(lines) == 1 and not name:
        likely = found  # what was pasted is judged like a typed token
    likely = _with_endpoints(likely, lines)
    if len(likely) == 1 and name:
        return (replace(likely[0], line=0),)
    return tuple(likely)


def _with_endpoints(found: list[Found], lines: Iterable[tuple[int, str]]) -> list[Found]:
    """With the addresses that other lines name for them, as YAML does."""
    named = ((number, *line.partition(":")) for number, line in lines)
    said = [
        (number, value.strip().strip(AROUND_TOKENS))
        for number, key, _colon, value in named
        if meaning_of(key) is Meaning.ENDPOINT and HOST.fullmatch(value.strip())
    ]
    addresses = {number for number, _value in said}
    found = [one for one in found if one.line not in addresses]
    if not said or not found:
        return found
    if len(found) == 1 and is_one_value(said):
        return [replace(found[0], endpoint=said[0][1])]
    own = own_values([one.line for one in found], said)
    return [
        replace(one, endpoint=value or "", is_endpoint_unclear=value is None)
        for one, value in zip(found, own, strict=True)
    ]


def _in_line(number: int, line: str, source: str) -> Found:
    words, _space, last = line.rpartition(" ")
    name, secret = _setting(last)
    if not (name or (words and looks_like_token(last))):
        return Found(Secret(line), source=source, line=number)
    owner = words.rstrip()
    owner = owner[:-1].rstrip() if owner.endswith((":", "=")) else owner
    if plain(owner) in SAYS_NOTHING or meaning_of(owner) is Meaning.TOKEN:
        owner = ""
    return Found(Secret(secret), organization=owner, name=name, source=source, line=number)


def _setting(word: str) -> tuple[str, str]:
    """A variable that no reader knows, and the token it is set to; else no name, and the word."""
    match = SETTING.fullmatch(word.strip(AROUND_TOKENS))
    if match is None or not looks_like_api_token(match[2]):
        return "", word  # the end of base64 is no setting
    return match[1], match[2].strip(AROUND_TOKENS)
