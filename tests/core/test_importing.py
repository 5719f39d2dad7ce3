"""What is read out of pasted text and files, and that nothing hostile does harm."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partner_tokens.core.columns import DEFAULT_NAME, Found, Meaning
from partner_tokens.core.documents import MOST_BYTES, Document, decoded
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.importing import Reading, joined, read, read_files, read_text
from partner_tokens.core.sheets import MOST_ROWS, sheet_from

ONE, TWO = f"marker-one-{'a' * 53}", f"marker-two-{'b' * 53}"


def tokens(reading: Reading) -> list[str]:
    return [found.secret.reveal() for found in reading.found]


def only(reading: Reading) -> Found:
    assert len(reading.found) == 1
    return reading.found[0]


def reason(text: str) -> Unusable:
    with pytest.raises(Unimportable) as told:
        read_text(text)
    return told.value.reason


# ---- tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
def test_a_table_is_read_by_its_english_headings(delimiter: str) -> None:
    lines = (
        ["Customer", "Token name", "API Token", "Expires", "Org ID", "Comment"],
        ["Contoso", "billing", ONE, "2027-01-31", "org-1", "x"],
        ["Fabrikam", "audit", TWO, "never", "org-2", ""],
    )
    first, second = read_text("\n".join(delimiter.join(line) for line in lines)).found
    assert (first.organization, first.name, first.expires) == ("Contoso", "billing", "2027-01-31")
    assert (first.service_id, first.note, first.line) == ("org-1", "x", 2)
    assert (second.organization, second.secret.reveal()) == ("Fabrikam", TWO)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_that_tells_excel_the_delimiter_is_no_row(end: str) -> None:
    found = only(read_text(end.join(["sep=;", "Organization;Token", f"Contoso;{ONE}", ""])))
    assert (found.organization, found.secret.reveal(), found.line) == ("Contoso", ONE, 3)


def test_a_table_is_read_by_its_spanish_headings() -> None:
    text = f"Organización;Nombre del token;Clave;Caducidad;Observaciones\nContoso;b;{ONE};nunca;ñ\n"
    found = only(read_text(text))
    assert (found.organization, found.name, found.expires) == ("Contoso", "b", "nunca")
    assert (found.secret.reveal(), found.note) == (ONE, "ñ")


def test_a_table_without_headings_is_read_by_its_content() -> None:
    id = "0d3c5a5e-7a51-4f0e-9a43-0f4f6f2f9f11"
    text = f"Contoso\t{id}\tbilling\t2027-01-31\t{ONE}\thttps://a.example\n"
    found = only(read_text(text))
    assert (found.organization, found.name, found.service_id) == ("Contoso", "billing", id)
    assert (found.expires, found.endpoint) == ("2027-01-31", "https://a.example")
    assert found.secret.reveal() == ONE


def test_quoted_cells_keep_delimiters_and_line_breaks() -> None:
    text = f'organization,token,note\n"Contoso, Ltd","{ONE}","two\nlines"\nFabrikam,{TWO},\n'
    first, second = read_text(text).found
    assert (first.organization, first.note) == ("Contoso, Ltd", "two\nlines")
    assert (second.organization, second.line) == ("Fabrikam", 4)


def test_a_column_can_be_corrected() -> None:
    sheet = sheet_from(f"a;b\nContoso;{ONE}\nFabrikam;{TWO}\n", "x.csv")
    assert sheet is not None
    sheet = sheet.read_as([Meaning.NAME, Meaning.TOKEN])
    assert [found.name for found in sheet.found()][-2:] == ["Contoso", "Fabrikam"]


def test_a_table_without_a_token_column_waits_for_its_correction() -> None:
    reading = read_text("who;what\nContoso;short\n")
    assert reading.found == ()
    [sheet] = reading.sheets
    assert len(sheet.read_as([Meaning.ORGANIZATION, Meaning.TOKEN]).found()) == 2


def test_a_row_without_token_stays_so_that_it_is_told() -> None:
    text = f"organization;token\nContoso;{ONE}\nFabrikam;\n"
    assert tokens(read_text(text)) == [ONE, ""]


# ---- other sources ----------------------------------------------------------------------------


def test_a_pasted_token_and_a_pasted_list_are_taken_line_by_line() -> None:
    assert tokens(read_text(f"  {ONE}\n")) == [ONE]
    assert tokens(read_text(f"{ONE}\n\n{TWO}\n")) == [ONE, TWO]
    assert [found.organization for found in read_text(f"Contoso: {ONE}\nFab Ltd {TWO}").found] == [
        "Contoso",
        "Fab Ltd",
    ]


def test_text_files_with_one_token_are_named_after_the_file(tmp_path: Path) -> None:
    (tmp_path / "Contoso - billing.txt").write_text(f"Your API token:\n{ONE}\n")
    (tmp_path / "Fabrikam.txt").write_text(TWO)
    first, second = read_files([tmp_path]).found
    assert (first.organization, first.name) == ("Contoso", "billing")
    assert (second.organization, second.name) == ("Fabrikam", DEFAULT_NAME)


def test_a_file_that_holds_no_token_is_left_out_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "Contoso.txt").write_text(ONE)
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    reading = read_files([tmp_path])
    assert tokens(reading) == [ONE]
    assert [(error.source, error.reason) for error in reading.left_out] == [
        ("photo.png", Unusable.NOT_TEXT)
    ]


def test_tables_among_other_files_stay_tables_and_none_is_passed_over_in_silence(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text(f"organization;token\nContoso;{ONE}\n")
    (tmp_path / "b.csv").write_text("who;what\nFabrikam;short\n")
    (tmp_path / "c - build.txt").write_text(TWO)
    reading = read_files([tmp_path])
    assert tokens(reading) == [ONE, TWO]
    assert [sheet.source for sheet in reading.sheets] == ["a.csv", "b.csv"]
    assert [(error.source, error.reason) for error in reading.unread] == [
        ("b.csv", Unusable.NO_TOKENS)
    ]


def test_credentials_json_is_read_alone_in_a_list_and_by_name() -> None:
    assert tokens(read_text(json.dumps({"refreshToken": ONE}))) == [ONE]
    listed = [{"org": "Contoso", "apiToken": ONE}, {"org": "Fabrikam", "apiToken": TWO}]
    assert [found.organization for found in read_text(json.dumps(listed)).found] == [
        "Contoso",
        "Fabrikam",
    ]
    named = {"Contoso": {"refreshToken": ONE, "orgId": "org-1"}}
    found = only(read_text(json.dumps(named)))
    assert (found.organization, found.service_id) == ("Contoso", "org-1")


def test_a_file_of_pyvmc_is_read() -> None:
    text = (
        f"[vmcConfig]\nstrCSPProdURL = https://c.example\nrefresh_Token = {ONE}\norg_id = org-1\n"
    )
    found = only(read_text(text))
    assert (found.secret.reveal(), found.service_id) == (ONE, "org-1")
    assert found.endpoint == "https://c.example"


def test_a_section_of_an_ini_file_names_the_organization() -> None:
    text = f"[Contoso Ltd]\nrefresh_token = {ONE}\n[Fabrikam]\norg = Other\ntoken = {TWO}\n"
    assert [found.organization for found in read_text(text).found] == ["Contoso Ltd", "Other"]


def test_both_sides_of_sddc_import_export_are_read() -> None:
    text = (
        f"[vmcConfig]\nsource_refresh_token = {ONE}\nsource_org_id = org-1\n"
        f"dest_refresh_token = {TWO}\ndest_org_id = org-2\n"
    )
    first, second = read_text(text).found
    assert (first.organization, first.service_id) == ("source", "org-1")
    assert (second.organization, second.service_id, second.secret.reveal()) == (
        "dest",
        "org-2",
        TWO,
    )


@pytest.mark.parametrize(
    "name",
    ["API_TOKEN", "CSP_API_TOKEN", "NSXT_VMC_TOKEN", "VMW_CLOUD_API_TOKEN", "VRA_REFRESH_TOKEN"],
)
@pytest.mark.parametrize(
    "line", ["{name}={token}", "export {name}='{token}' # mine", 'set {name} = "{token}"']
)
def test_an_environment_file_is_read_by_the_names_of_its_variables(name: str, line: str) -> None:
    text = f"# settings\nOTHER=1\n{line.format(name=name, token=ONE)}\nCSP_URL=https://c.example\n"
    found = only(read_text(text))
    assert (found.secret.reveal(), found.name, found.line) == (ONE, name, 3)
    assert (found.organization, found.endpoint) == ("", "https://c.example")


def test_what_stands_before_a_variable_names_the_organization() -> None:
    assert only(read_text(f"CONTOSO_LTD_CSP_API_TOKEN={ONE}")).organization == "CONTOSO LTD"


def test_a_postman_environment_is_read() -> None:
    values = [
        {"key": "refresh_token", "value": ONE, "type": "secret", "enabled": True},
        {"key": "access_token", "value": "eyJ.a.b", "type": "secret"},
    ]
    found = only(read_text(json.dumps({"id": "1", "name": "Contoso", "values": values})))
    assert (found.organization, found.secret.reveal()) == ("Contoso", ONE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_a_spreadsheet_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"Organización;Token\r\nCompañía;{ONE}\r\n".encode(encoding))
    assert only(read_files([path])).organization == "Compañía"


# ---- what cannot be used ----------------------------------------------------------------------


def test_each_unusable_text_gets_a_sentence() -> None:
    assert reason("") is Unusable.NO_TOKENS
    assert reason('{"a":') is Unusable.BROKEN
    assert reason("[" * 100_000) is Unusable.TOO_DEEP
    assert reason('{"a":' * 100_000) is Unusable.TOO_DEEP
    assert reason(f"Contoso,{ONE}\n" * 60 + f'"Fabrikam,{TWO}\nContoso,{ONE}\n') is Unusable.BROKEN
    assert reason(f"Contoso,{ONE}\n" * 60 + "x" * 200_000 + ",y") is Unusable.BROKEN
    assert reason(f"{ONE},x\n" * (MOST_ROWS + 1)) is Unusable.TOO_MANY_ROWS
    assert reason(f"{ONE}\n" * (MOST_ROWS + 1)) is Unusable.TOO_MANY_ROWS
    assert reason("a\0b") is Unusable.NOT_TEXT


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04" + b"\0" * 99, Unusable.PACKED),
        (b"\x1f\x8b\x08", Unusable.PACKED),
        (b"%PDF-1.7", Unusable.NOT_TEXT),
        (b"\xff\xfe\x00", Unusable.NOT_TEXT),
        (b"\xef\xbb\xbf\xff", Unusable.NOT_TEXT),
        (b"\x81\x8d", Unusable.NOT_TEXT),
        (b"", Unusable.NO_TOKENS),
    ],
)
def test_each_unusable_file_gets_a_sentence(tmp_path: Path, content: bytes, why: Unusable) -> None:
    path = tmp_path / "junk.csv"
    path.write_bytes(content)
    with pytest.raises(Unimportable) as told:
        read_files([path])
    assert told.value.reason is why
    assert "junk.csv" in told.value.title


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "tokens").mkdir()
    with pytest.raises(Unimportable) as told:
        read_files([tmp_path / "tokens"])
    assert "No API token was found in tokens." in told.value.title


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    begun = time.monotonic()
    with pytest.raises(Unimportable) as told:
        read_files([path])
    assert told.value.reason is Unusable.TOO_LARGE
    assert time.monotonic() - begun < 1


def test_many_files_may_be_large_together_up_to_a_bound(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(f"{ONE}\n{'x ' * (MOST_BYTES // 2 - 100)}")
    reading = read_files([tmp_path])
    assert [error.reason for error in reading.left_out] == [Unusable.TOO_LARGE]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unimportable, match="not a text file"):
        read_files([tmp_path / "pipe"])


def test_a_file_that_is_gone_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unimportable, match=r"gone\.csv cannot be read"):
        read_files([tmp_path / "gone.csv"])


# ---- anything at all --------------------------------------------------------------------------

CELLS = st.text(max_size=30) | st.sampled_from(
    ["token", "org", ONE, "=cmd|'/c calc'!A1", '"', "\t"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | CELLS,
    lambda inside: st.lists(inside) | st.dictionaries(CELLS | st.just("values"), inside),
    max_leaves=20,
)


def held(text: str) -> None:
    """Rows or a sentence come of it, nothing else; and neither shows a secret by itself."""
    try:
        reading = read(Document("x", text))
    except AppError as error:
        assert ONE not in f"{error}{error!r}"  # noqa: PT017
    else:
        assert ONE not in repr(reading.found[:0]) + repr(Document("x", text))
        assert all(isinstance(found, Found) for found in reading.found)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    held(text)


@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=8),
    st.sampled_from("\t;,|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_any_table_is_read_or_refused(rows: list[list[str]], delimiter: str, end: str) -> None:
    held(end.join(delimiter.join(row) for row in rows))


@given(JSON)
def test_any_json_is_read_or_refused(content: Any) -> None:
    held(json.dumps(content))


@given(JSON, st.integers(min_value=1, max_value=200))
def test_any_torn_json_is_read_or_refused(content: Any, length: int) -> None:
    held(json.dumps({"refreshToken": ONE, "more": content})[:length])


@example([("", "\n0"), ("\r", "")], "[vmcConfig]\n")
@given(st.lists(st.tuples(CELLS, CELLS)), st.sampled_from(["[vmcConfig]\n", "[a]\n", ""]))
def test_any_settings_are_read_or_refused(settings: list[tuple[str, str]], head: str) -> None:
    held(head + "\n".join(f"{key}={value}" for key, value in settings))


@given(st.binary())
def test_any_bytes_become_text_or_are_refused(content: bytes) -> None:
    try:
        decoded(content, "x")
    except Unimportable as error:
        assert error.title.startswith("x ")  # noqa: PT017


# ---- at the bounds ----------------------------------------------------------------------------


def test_as_many_rows_as_may_be_are_read_and_not_one_more() -> None:
    most = f"{ONE}\n" * MOST_ROWS
    assert len(read_text(most).found) == MOST_ROWS
    assert reason(most + TWO) is Unusable.TOO_MANY_ROWS
    assert reason("a heading\n" * MOST_ROWS) is Unusable.NO_TOKENS
    assert reason("a heading\n" * (MOST_ROWS + 1)) is Unusable.TOO_MANY_ROWS


def test_rows_of_several_files_are_counted_together() -> None:
    lines = read_text(f"{ONE}\n" * (MOST_ROWS - 1))
    table = read_text(f"organization,token\nContoso,{TWO}\n")
    assert table.sheets
    assert len(joined([lines, table]).found) == MOST_ROWS
    with pytest.raises(Unimportable) as told:
        joined([lines, table, table])
    assert told.value.reason is Unusable.TOO_MANY_ROWS


def test_files_are_read_up_to_a_bound_in_all(tmp_path: Path) -> None:
    size = len(ONE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("partner_tokens.core.importing.MOST_BYTES_IN_ALL", 2 * size)
        for name in ("a.txt", "b.txt", "c.txt"):
            (tmp_path / name).write_text(ONE)
        both = read_files([tmp_path / "a.txt", tmp_path / "b.txt"])
        assert (len(both.found), both.left_out) == (2, ())
        all_three = read_files([tmp_path / name for name in ("a.txt", "b.txt", "c.txt")])
        assert len(all_three.found) == 2
        assert [error.reason for error in all_three.left_out] == [Unusable.TOO_LARGE]


def test_a_single_line_that_ends_in_no_token_is_taken_whole() -> None:
    found = only(read_text("Contoso Ltd billing-system"))
    assert (found.organization, found.secret.reveal()) == ("", "Contoso Ltd billing-system")


def test_a_pasted_line_tells_where_it_stands() -> None:
    found = read_text(f"my tokens\n\nContoso: {ONE}\nFabrikam = {TWO}").found
    assert [(one.line, one.organization) for one in found] == [(3, "Contoso"), (4, "Fabrikam")]


def test_one_pasted_word_is_judged_like_a_typed_token_and_one_in_a_file_is_not() -> None:
    assert tokens(read_text("short-one")) == ["short-one"]
    assert reason("two\nwords") is Unusable.NO_TOKENS
    with pytest.raises(Unimportable) as told:
        read(Document("notes.txt", "short-one"))
    assert told.value.reason is Unusable.NO_TOKENS


def test_a_word_that_says_nothing_is_no_organization() -> None:
    assert only(read_text(f"token: {ONE}")).organization == ""
    assert only(read_text(f"{ONE}")).organization == ""


# ---- where a row stands -----------------------------------------------------------------------


def test_no_two_rows_stand_in_the_same_place() -> None:
    table = read_text(f"Organization,Token\nContoso,{ONE}\nFabrikam,{TWO}\n").sheets[0]
    one, two = (found for found in table.found())
    reading = Reading(others=(one, one, two), sheets=(table, table))
    places = [origin for origin, _found in reading.rows]
    assert [(place.line, place.nth, place.in_table) for place in places] == [
        *((2, 0, True), (3, 0, True), (2, 1, True), (3, 1, True)),
        *((2, 0, False), (2, 1, False), (3, 0, False)),
    ]
    assert len(set(places)) == len(places)


def test_there_are_rows_in_tables_that_are_read_and_outside_of_tables() -> None:
    table = read_text(f"Organization,Token\nContoso,{ONE}\n")
    unread = read_text("Organization,Contact\nContoso,Ana\nFabrikam,Bo\n")
    assert table.has_rows
    assert Reading(others=table.found).has_rows
    assert unread.has_rows is False
    assert Reading(others=table.found, sheets=unread.sheets).has_rows
