"""The log: small, private, and without secrets."""

import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from partner_tokens.core.errors.service import Refused
from partner_tokens.core.logs import LARGEST, LOGGER, log_bug, start_log
from partner_tokens.core.secret import Secret

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "partner-tokens.log"


@pytest.fixture
def log(path: Path) -> Iterator[logging.Handler]:
    handler = start_log(path)
    yield handler
    LOGGER.removeHandler(handler)
    handler.close()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def failing() -> None:
    api_token = "q7ZkW2mN9xRt4LpB8vHs1YdF6gJc3TaKe"
    header = f"csp-auth-token: {JWT}"
    raise ValueError(f"cannot send {header}, {len(api_token)}")


def test_nothing_logged_makes_no_file(log: logging.Handler, path: Path) -> None:
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_and_its_folder_are_for_the_user_alone(log: logging.Handler, path: Path) -> None:
    LOGGER.info("begun")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_file_that_was_open_to_others_is_closed_to_them(log: logging.Handler, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch(0o644)
    LOGGER.info("begun")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_tells_when_in_utc_how_grave_and_where(log: logging.Handler, path: Path) -> None:
    LOGGER.warning("clock jumped by %d s", 7)
    when, grave, thread, said = text_of(path).strip().split(" ", 3)
    assert when.endswith("Z")
    assert (grave, thread, said) == ("WARNING", "MainThread:", "clock jumped by 7 s")


def test_secrets_in_messages_and_their_arguments_are_struck_out(
    log: logging.Handler, path: Path
) -> None:
    LOGGER.error("sent %s and %s", {"refreshToken": "abc"}, Secret("hidden"))
    LOGGER.error("header %s", f"csp-auth-token: {JWT}")
    text = text_of(path)
    assert "abc" not in text
    assert "hidden" not in text
    assert "eyJ" not in text


def test_a_bug_is_written_down_with_the_way_it_came_but_without_values(
    log: logging.Handler, path: Path
) -> None:
    try:
        failing()
    except ValueError as error:
        log_bug(error)
    text = text_of(path)
    assert "unexpected ValueError" in text
    assert "in failing" in text
    assert "cannot send" not in text
    assert "eyJ" not in text


def test_a_bug_logged_in_the_usual_way_is_written_down_no_differently(
    log: logging.Handler, path: Path
) -> None:
    try:
        failing()
    except ValueError:
        LOGGER.exception("stumbled")
    text = text_of(path)
    assert "stumbled\nValueError\n" in text
    assert "cannot send" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_in_its_place_is_not_followed(
    log: logging.Handler, path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.touch(0o644)
    path.parent.mkdir()
    path.symlink_to(other)
    LOGGER.error("begun")
    assert (other.stat().st_size, stat.S_IMODE(other.stat().st_mode)) == (0, 0o644)


def test_the_cause_of_a_bug_is_redacted_as_well(log: logging.Handler, path: Path) -> None:
    try:
        try:
            failing()
        except ValueError as error:
            raise Refused("console.navigator.vmware.com") from error
    except Refused as error:
        log_bug(error)
    text = text_of(path)
    assert "because of ValueError" in text
    assert "eyJ" not in text


def test_libraries_do_not_reach_the_file(log: logging.Handler, path: Path) -> None:
    LOGGER.info("begun")
    logging.getLogger("urllib3").error("https://console.navigator.vmware.com:443 POST")
    assert "urllib3" not in text_of(path)
    assert "POST" not in text_of(path)


def test_the_log_stays_small(log: logging.Handler, path: Path) -> None:
    for _ in range(3 * LARGEST // 1000):
        LOGGER.info("x" * 1000)
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["partner-tokens.log", "partner-tokens.log.1"]
    assert all(file.stat().st_size <= LARGEST for file in files)
    if sys.platform != "win32":
        assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_a_log_that_cannot_be_written_troubles_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    in_the_way = tmp_path / "state"
    in_the_way.touch()
    handler = start_log(in_the_way / "partner-tokens.log")
    try:
        LOGGER.error("nobody reads this")
    finally:
        LOGGER.removeHandler(handler)
        handler.close()
    assert capfd.readouterr() == ("", "")


def test_a_character_that_is_none_is_no_reason_to_lose_a_line(
    log: logging.Handler, path: Path
) -> None:
    LOGGER.error("name \ud800 end")
    assert "name \\ud800 end" in text_of(path)
