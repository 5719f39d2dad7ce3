"""Hostile sources on the whole way of an import: rows or a sentence, nothing stored, no end."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clock import MovableClock
from partner_tokens.core.columns import (
    Found,
    Meaning,
    Usual,
    by_content,
    content_of,
    meaning_of,
    plain,
)
from partner_tokens.core.dates import expiry_from
from partner_tokens.core.documents import MOST_BYTES, MOST_LINES, Document, checked, decoded
from partner_tokens.core.environment import tokens_in_environment
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.importing import Reading, read, read_files, read_text
from partner_tokens.core.intake import Mark, Row
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.settings import tokens_in_ini, tokens_in_json
from partner_tokens.core.sheets import MOST_ROWS, sheet_from
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend

MARKER = f"marker-9c{'a1' * 26}"
HOST = "https://console.navigator.vmware.com"

NAMED = ["token", "API token", "organization", "org id", "expires", "url", "[a]", MARKER]
CELLS = ["2027-01-31", "03/04/2027", "never", "https://a.example", "=cmd|'/c calc'!A1", "eyJ.a.b"]
SIGNS = ["\ufeff", "\u202e", "\u2028", "\x85", "\v", "\0", "%(x)s", "${X}", "#", ";", "'", '"']
WORDS = st.sampled_from([*NAMED, *CELLS, *SIGNS])
PIECES = WORDS | st.text(max_size=12) | st.sampled_from("\t;,|=: \n\r")
TEXTS = st.lists(PIECES, max_size=40).map("".join)
LINES = st.lists(st.lists(PIECES, max_size=8).map("".join), max_size=20).map("\n".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(WORDS, inside, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    folder = tmp_path_factory.mktemp("hostile")
    built = Parts(profile_under(folder), clock=MovableClock(), open_backend=MemoryBackend)
    built.vault.begin_with_keyring()
    yield built
    built.close()


def judged(parts: Parts, text: str) -> tuple[Row, ...]:
    """The rows of a text; none where it is refused, in words that tell no secret."""
    try:
        reading = read(Document("x.csv", checked(text)))
    except Unimportable as error:
        said = f"{error}{error!r}{error.details}"
        assert error.title  # noqa: PT017
        assert MARKER not in said
        return ()
    rows = parts.intake.judge(reading.found, Usual(HOST))
    assert len(rows) == len(reading.found)
    assert all(isinstance(row.mark, Mark) for row in rows)
    assert all(MARKER not in f"{row.problem}{row.problem!r}" for row in rows)
    return rows


# ---- anything at all --------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(text=TEXTS | LINES)
def test_any_text_is_judged_or_refused_and_nothing_is_stored(parts: Parts, text: str) -> None:
    judged(parts, text)
    assert parts.store.tokens() == ()


@given(LINES, ENCODINGS, st.integers(0, 60), st.binary(max_size=3))
def test_any_encoding_whole_or_broken_becomes_text_or_a_sentence(
    text: str, encoding: str, cut: int, junk: bytes
) -> None:
    content = text.encode(encoding, "replace")
    for tried in (content, content[:cut] + junk + content[cut:], content[:-1]):
        try:
            read(Document("x.csv", decoded(tried, "x.csv")))
        except Unimportable as error:
            assert error.title.startswith("x.csv ") or "x.csv" in error.title  # noqa: PT017


@given(LINES)
def test_any_settings_file_is_read_or_left_to_others(text: str) -> None:
    for parser in (tokens_in_ini, tokens_in_environment, tokens_in_json):
        try:
            found = parser(text, "x")
        except Unimportable:
            continue
        assert found is None or all(isinstance(one, Found) for one in found)


@given(
    st.lists(
        st.sampled_from(["[a]", "[DEFAULT]", "[", "[]", "[[a]]", "key", "  goes on", "=", ":", ""])
        | st.tuples(WORDS, st.sampled_from("=:"), WORDS).map("".join),
        max_size=12,
    )
)
def test_any_ini_is_read_or_left_to_others(lines: list[str]) -> None:
    try:
        found = tokens_in_ini("\n".join(["[vmcConfig]", *lines]), "x")
    except Unimportable:
        return
    assert found is None or all(isinstance(one, Found) for one in found)


@given(st.dictionaries(st.sampled_from(["name", "values", "id", "org"]), VALUES), VALUES)
def test_any_postman_environment_is_read_or_refused(content: dict[str, Any], value: Any) -> None:
    pairs = [{"key": "refreshToken", "value": value}, {"key": value}, value, {}]
    for tried in (content, {**content, "values": pairs}, [content, pairs]):
        text = json.dumps(tried)
        try:
            assert isinstance(read_text(text), Reading)
        except Unimportable:
            continue


@example("=cmd|'/c calc'!A1", [Meaning.CLIENT_SECRET])
@given(TEXTS | LINES, st.lists(st.sampled_from(Meaning), max_size=8))
def test_any_table_can_be_read_with_any_meanings(text: str, meanings: list[Meaning]) -> None:
    try:
        sheet = sheet_from(text, "x")
    except Unimportable:
        return
    if sheet is not None:
        count = len(sheet.read_as(meanings).found())
        secrets = {Meaning.TOKEN, Meaning.CLIENT_SECRET}.intersection(meanings)
        several = meanings.count(Meaning.TOKEN) > 1 or {Meaning.CLIENT_ID, Meaning.TOKEN}.issubset(
            meanings
        )
        assert count >= len(sheet.rows) if secrets else count == 0
        assert several or count <= len(sheet.rows)


@given(st.lists(st.lists(PIECES, max_size=5), max_size=6), st.booleans())
def test_any_columns_get_meanings_and_none_but_tokens_twice(
    rows: list[list[str]], headed: bool
) -> None:
    width = max(map(len, rows), default=0)
    found = by_content((Meaning.IGNORED,) * width, rows, ("x",) * width if headed else ())
    assert len(found) == width
    may_repeat = {Meaning.IGNORED} if headed else {Meaning.IGNORED, Meaning.TOKEN}
    used = [meaning for meaning in found if meaning not in may_repeat]
    assert len(used) == len(set(used))


@given(TEXTS)
def test_any_heading_and_any_cell_mean_something_or_nothing(text: str) -> None:
    assert isinstance(meaning_of(text), Meaning)
    assert re.fullmatch("([a-z0-9]+( [a-z0-9]+)*)?", plain(text))
    assert content_of(text) in {None, Meaning.ENDPOINT, Meaning.SERVICE_ID, Meaning.EXPIRES}


@given(
    st.from_regex(
        r"[0-9]{1,5}[-./T ][0-9]{1,3}[-./T ][0-9]{1,5}([T ][0-9:.]{0,12}(Z|[+-][0-9]{4})?)?"
    )
    | st.from_regex(r"[+-]?[0-9]{4,9}-[0-9]{2}-[0-9]{2}")
    | st.datetimes().map(str)
    | TEXTS
)
def test_any_date_is_an_expiry_or_refused(text: str) -> None:
    try:
        assert isinstance(expiry_from(text), Expiry)
    except InputError:
        return


# ---- large, deep, packed ----------------------------------------------------------------------

FILL = MOST_BYTES - 100
ACCENT = "\u0301"
LARGE: dict[str, Callable[[], str]] = {
    "blanks before a comment": lambda: f"API_TOKEN=a{' ' * FILL}b",
    "blanks before a token": lambda: f"a{' ' * (FILL - 80)}: {MARKER}",
    "colons before a token": lambda: f"{' : ' * (FILL // 3 - 40)}{MARKER}",
    "a host": lambda: f"host: {'a.' * (FILL // 2 - 80)} b\ntoken: {MARKER}",
    "a line of brackets": lambda: "[" * FILL,
    "a line of quotation marks": lambda: '"' * FILL,
    "a line of equal signs": lambda: "a=" * (FILL // 2),
    "a line of delimiters": lambda: "," * FILL,
    "exports": lambda: "export " * (FILL // 7),
    "a number": lambda: f"[{'9' * FILL}]",
    "accents": lambda: f"e{ACCENT * (FILL // 2)}",
    "a cell": lambda: f'organization,token\n"{"x" * FILL}",y\n',
    "a note": lambda: f"organization,token,note\nContoso,{MARKER},{'x ' * (FILL // 4)}\n" * 2,
}


@pytest.mark.parametrize("name", LARGE)
def test_five_megabytes_of_anything_come_to_an_end(parts: Parts, name: str) -> None:
    """A step that looks at the rest of the text for each letter would outlast every patience."""
    assert len(judged(parts, LARGE[name]())) <= 2
    assert parts.store.tokens() == ()


TOKEN = {"key": "token", "value": MARKER}
MANY: dict[str, Callable[[], str]] = {
    "line ends": lambda: "\n" * FILL,
    "settings": lambda: "a=\n" * (FILL // 3),
    "rows": lambda: "a,b\n" * (FILL // 4),
    "sections": lambda: "".join(f"[{number}]\n" for number in range(MOST_ROWS + 1)),
    "objects": lambda: f"[{','.join(['{}'] * (FILL // 3))}]",
    "lines of another kind": lambda: "\u2028" * (MOST_LINES + 1),
    "tokens": lambda: f"{MARKER}\n" * (MOST_ROWS + 1),
    "values": lambda: json.dumps(
        [{"values": [{"key": "token", "value": MARKER}]}] * (MOST_ROWS + 1)
    ),
    "variables": lambda: f"API_TOKEN={MARKER}\n" * (MOST_ROWS + 1),
}


@pytest.mark.parametrize("name", MANY)
def test_too_many_of_anything_are_refused_in_words(name: str) -> None:
    with pytest.raises(Unimportable) as told:
        read_text(MANY[name]())
    assert told.value.reason is Unusable.TOO_MANY_ROWS


@pytest.mark.parametrize("deep", ["[" * 200_000, '{"a":' * 200_000, '[{"values":' * 200_000])
def test_a_deep_json_is_refused_in_words(deep: str) -> None:
    with pytest.raises(Unimportable, match="nested too deeply"):
        read_text(deep)


def test_a_hundred_pasted_megabytes_are_refused_unread() -> None:
    with pytest.raises(Unimportable) as told:
        read_text("x" * 100_000_000)
    assert told.value.reason is Unusable.TOO_LARGE


def test_a_spreadsheet_whole_torn_or_disguised_is_refused_in_words(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{MARKER}</t>" * 100)
    content = packed.getvalue()
    path = tmp_path / "list.csv"
    for junk in (content, content[:9], content[:4], b"\n" + content, content[5:]):
        path.write_bytes(junk)
        with pytest.raises(Unimportable) as told:
            read_files([path])
        assert told.value.reason in {Unusable.PACKED, Unusable.NOT_TEXT, Unusable.NO_TOKENS}


def test_a_key_without_value_and_a_line_that_goes_on_are_read() -> None:
    text = f"[vmcConfig]\nsilent\n  goes on\nrefresh_token = {MARKER}\n"
    assert [one.secret.reveal() for one in read_text(text).found] == [MARKER]


def test_a_default_section_is_a_section_like_any_other() -> None:
    text = f"[DEFAULT]\nrefresh_token = {MARKER}\n[other]\nx = 1\n"
    assert [one.secret.reveal() for one in read_text(text).found] == [MARKER]
