"""The terminal's import as a process: what it stores, prints and refuses."""

import json
from pathlib import Path

import pytest

from terminal_program import Program, fill, known

HOST = "https://console.navigator.vmware.com"
BUILD, OPS = known("build"), known("ops", "Fabrikam")
TABLE = f"organization;name;token\nContoso;build;{BUILD.api_token}\nFabrikam;ops;{OPS.api_token}\n"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "tokens.csv"
    path.write_text(TABLE)
    return path


def stored(program: Program) -> list[tuple[str, str, str]]:
    rows = program("list", "--json", passphrase=None).json
    return [(row["organization"], row["name"], row["state"]) for row in rows]


def test_a_file_is_stored_unproven_and_the_user_is_reminded_of_it(
    program: Program, table: Path
) -> None:
    done = program("import", str(table))
    assert done.code == 0
    assert [line.split() for line in done.out.splitlines()] == [
        ["Contoso", "build", "new"],
        ["Fabrikam", "ops", "new"],
    ]
    assert "2 tokens imported." in done.err
    assert f"{table} still holds the tokens" in done.err
    assert stored(program) == [("Contoso", "build", "unproven"), ("Fabrikam", "ops", "unproven")]


def test_a_pipe_is_read_and_told_for_programs(program: Program) -> None:
    done = program("import", "-", "--json", given=TABLE)
    assert done.code == 0
    assert "still holds" not in done.err
    first, second = done.json["rows"]
    assert (first["mark"], first["organization"], first["line"]) == ("new", "Contoso", 2)
    assert first["endpoint"] == HOST
    ids = {row["id"] for row in program("list", "--json", passphrase=None).json}
    assert {first["id"], second["id"]} == ids


def test_a_dry_run_stores_nothing(program: Program, table: Path) -> None:
    done = program("import", str(table), "--dry-run", "--json")
    assert (done.code, done.json["dry_run"]) == (0, True)
    assert [row["id"] for row in done.json["rows"]] == [None, None]
    assert stored(program) == []
    assert "2 tokens would be imported." in program("import", str(table), "--dry-run").err


def test_importing_once_more_changes_nothing_and_is_no_error(program: Program, table: Path) -> None:
    program("import", str(table))
    done = program("import", str(table))
    assert done.code == 0
    assert done.out.count("This token is stored already") == 2
    assert len(stored(program)) == 2


def test_unusable_rows_are_named_and_the_others_stored(program: Program, tmp_path: Path) -> None:
    fill(program, HOST, BUILD)
    path = tmp_path / "some.csv"
    path.write_text(f"organization;token;org id\n;{OPS.api_token};\nContoso;{'z' * 64};other-id\n")
    done = program("import", str(path), "--json")
    assert done.code == 2
    assert [row["mark"] for row in done.json["rows"]] == ["malformed", "other organization"]
    assert done.json["rows"][0]["problem"]["title"] == "The organization is missing."
    assert len(stored(program)) == 1


def test_a_folder_of_token_files_is_named_after_the_files(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "Contoso - build.txt").write_text(BUILD.api_token)
    (folder / "photo.png").write_bytes(b"\x89PNG")
    done = program("import", str(folder), "--endpoint", "https://other.example")
    assert done.code == 2  # one file was left out
    assert "photo.png is not a text file." in done.err
    assert stored(program) == [("Contoso", "build", "unproven")]
    assert program("list", "--json").json[0]["endpoint"] == "https://other.example"


def test_a_file_is_to_be_deleted_only_once_all_of_it_is_stored(
    program: Program, tmp_path: Path
) -> None:
    """Two blocks of an environment, of which the second names no endpoint; then a whole one."""
    path = tmp_path / "customers.env"
    blocks = [
        f"CSP_URL=https://a.example\nCSP_ORG_ID=org-a\nCSP_API_TOKEN={BUILD.api_token}\n",
        f"CSP_ORG_ID=org-b\nCSP_API_TOKEN={OPS.api_token}\n",
    ]
    path.write_text("\n".join(blocks))
    done = program("import", str(path))
    assert done.code == 2
    assert [line.split(maxsplit=2) for line in done.out.splitlines()] == [
        ["org-a", "CSP_API_TOKEN", "new"],
        ["CSP_API_TOKEN", "The", "endpoint is missing."],
    ]
    assert "1 token imported." in done.err
    assert f"{path} still holds the tokens in plain text: delete it once" in done.err

    path.write_text("\nCSP_URL=https://b.example\n".join(blocks))
    done = program("import", str(path))
    assert done.code == 0
    assert f"{path} still holds the tokens in plain text: delete it.\n" in done.err
    rows = program("list", "--json", passphrase=None).json
    assert [(row["organization"], row["endpoint"]) for row in rows] == [
        ("org-a", "https://a.example"),
        ("org-b", "https://b.example"),
    ]


@pytest.mark.parametrize(
    ("headings", "column"),
    [("Customer,Production,Staging", "Staging"), ("Customer,token,backup", "backup")],
)
def test_a_file_with_a_column_of_tokens_that_is_not_read_is_not_to_be_deleted(
    program: Program, tmp_path: Path, headings: str, column: str
) -> None:
    path = tmp_path / "customers.csv"
    tokens = ["Q7x" + letter * 20 + "aB3dE5fG" * 5 for letter in "abcd"]
    rows = (f"Contoso,{tokens[0]},{tokens[1]}", f"Fabrikam,{tokens[2]},{tokens[3]}")
    path.write_text("\n".join((headings, *rows)))
    done = program("import", str(path))
    assert done.code == 2
    assert "2 tokens imported." in done.err
    assert f"{path} still holds the tokens in plain text: delete it once" in done.err
    assert f"The column “{column}” of customers.csv" in done.err
    path.write_text("\n".join((headings.replace(column, f"{column} token"), *rows)))
    done = program("import", str(path))
    assert done.code == 0
    assert "2 tokens imported." in done.err
    assert f"{path} still holds the tokens in plain text: delete it.\n" in done.err


def test_no_token_of_two_sections_of_one_name_or_two_keys_of_one_object_is_lost(
    program: Program, tmp_path: Path
) -> None:
    ini, pair = tmp_path / "config.ini", tmp_path / "credentials.json"
    section = "[vmcConfig]\nrefresh_Token = {}\norg_id = {}\n"
    ini.write_text(section.format("a" * 64, "org-a") + section.format("b" * 64, "org-b"))
    pair.write_text(
        json.dumps({"refreshToken": BUILD.api_token, "apiToken": OPS.api_token, "org": "Contoso"})
    )
    for path in (ini, pair):
        done = program("import", str(path))
        assert done.code == 0
        assert "2 tokens imported." in done.err
    assert stored(program) == [
        ("Contoso", "apiToken", "unproven"),
        ("Contoso", "refreshToken", "unproven"),
        ("org-a", "API token", "unproven"),
        ("org-b", "API token", "unproven"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\0\0", "Save the spreadsheet as CSV"),
        (b"[" * 200_000, "nested too deeply"),
        (b"\xff\xff\0", "not a text file"),
        (b"", "No API token was found"),
        (b"who;what\na;b\n", "No API token was found"),
    ],
)
def test_junk_is_refused_in_words(
    program: Program, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "junk"
    path.write_bytes(content)
    done = program("import", str(path))
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    piped = program("import", "-", given=content)
    assert (piped.code, piped.out) == (2, "")
    assert words in piped.err


def test_cells_as_long_as_a_page_are_cut_and_hold_nobody_up(program: Program) -> None:
    """Cut one character after the other they would take an hour; Program waits a minute."""
    rows = [f"{'N' * 20_000},{number}{'x' * 60}" for number in range(20)]
    done = program("import", "-", given="\n".join(["organization,token", *rows]))
    assert done.code == 2
    lines = done.out.splitlines()
    assert [line.split("…")[0] for line in lines] == ["N" * 39] * 20


def test_a_hundred_megabytes_are_refused(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    done = program("import", str(path))
    assert done.code == 2
    assert "too large" in done.err


def test_no_token_is_printed_or_written_bare(program: Program, table: Path) -> None:
    runs = [program("import", str(table), *more) for more in (["--dry-run"], ["--json"], [])]
    runs.append(program("import", "-", given=json.dumps({"refreshToken": "marker-bad token"})))
    said = "".join(run.out + run.err for run in runs)
    assert "marker-" not in said
    assert b"marker-" not in program.everything_written()
