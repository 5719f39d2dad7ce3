"""`expiring` and `export` as a process: for people, cron, spreadsheets and calendars."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from calendar_reader import events_of
from partner_tokens.core.clock import utc_now
from partner_tokens.core.lifetime import Expiry
from terminal_program import Done, Program, fill, known

ENDPOINT = "http://127.0.0.1:9"
BUILD = known("build")
OPS = known("ops", "Fabrikam")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Two tokens that run out in 20 days."""
    made = Program(tmp_path)
    fill(made, ENDPOINT, BUILD, OPS)
    return made


def run(program: Program, *arguments: str) -> Done:
    """Without a passphrase: none of these commands opens the vault."""
    done = program(*arguments, passphrase=None)
    for token in (BUILD, OPS):
        assert token.api_token not in done.out + done.err
    return done


# ---- expiring ---------------------------------------------------------------------------------


def test_nothing_that_runs_out_is_silence_and_zero(program: Program) -> None:
    done = run(program, "expiring", "--within", "14d")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_something_that_runs_out_is_listed_and_one(program: Program) -> None:
    done = run(program, "expiring", "--within", "20d")
    assert done.code == 1
    assert [line.split()[1] for line in done.out.splitlines()] == [
        "Organization", "Contoso", "Fabrikam"
    ]  # fmt: skip
    assert run(program, "expiring").code == 1  # 30 days are the default


def test_programs_get_the_rows_of_the_list(program: Program) -> None:
    done = run(program, "expiring", "--json")
    assert done.code == 1
    assert done.json == run(program, "list", "--json").json
    none = run(program, "expiring", "--within", "1h", "--json")
    assert (none.code, none.json) == (0, [])


def test_what_has_run_out_counts_and_comes_first(tmp_path: Path) -> None:
    program = Program(tmp_path)
    over = Expiry(utc_now() - timedelta(days=2))
    fill(program, ENDPOINT, known("over", "Zeta"), expiry=over)
    done = run(program, "expiring", "--within", "1d", "--json")
    assert (done.code, [row["band"] for row in done.json]) == (1, ["over"])


@pytest.mark.parametrize("span", ["14", "d", "1.5d", "-3d", "9999999d"])
def test_a_span_nobody_understands_is_a_usage_error(program: Program, span: str) -> None:
    assert run(program, "expiring", f"--within={span}").code == 2


# ---- export -----------------------------------------------------------------------------------


def test_the_inventory_goes_to_standard_output_without_a_mark(program: Program) -> None:
    done = run(program, "export")
    assert (done.code, done.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.out, newline=""), strict=True))
    assert [row["organization"] for row in rows] == ["Contoso", "Fabrikam"]
    assert done.out.count("\r\n") == 3


def test_a_file_gets_the_mark_and_is_replaced_whole(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "inventory.csv"
    file.write_text("what was there before" * 1000)
    done = run(program, "export", "--format", "csv", str(file))
    assert (done.code, done.out) == (0, "")
    assert file.read_bytes() == b"\xef\xbb\xbf" + run(program, "export").out.encode()


def test_the_calendar_has_the_same_events_each_time(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "days.ics"
    assert run(program, "export", "--format", "ics", str(file)).code == 0
    (stored,) = events_of(file.read_bytes().decode())
    (printed,) = events_of(run(program, "export", "--format", "ics").out)
    assert stored["UID"] == printed["UID"]
    assert stored["SUMMARY"] == "2 API tokens run out"
    assert stored["DESCRIPTION"] == "Contoso\nFabrikam"


def test_an_empty_store_has_an_empty_inventory_and_calendar(tmp_path: Path) -> None:
    program = Program(tmp_path)
    assert run(program, "export").out.count("\r\n") == 1
    assert events_of(run(program, "export", "--format", "ics").out) == []


def test_a_file_that_cannot_be_written_is_said(program: Program, tmp_path: Path) -> None:
    done = run(program, "export", str(tmp_path / "nowhere" / "x.csv"))
    assert (done.code, done.out) == (2, "")
    assert "could not be written" in done.err


def test_an_unknown_format_is_a_usage_error(program: Program) -> None:
    assert run(program, "export", "--format", "xlsx").code == 2
