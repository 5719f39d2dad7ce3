"""What a release is made of, as far as it can be told without building one."""

import ast
import gzip
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from age_by_hand import quick_age_file
from partner_tokens.core.age_file import sealed_file
from partner_tokens.core.profile import NAME
from partner_tokens.core.secret import Secret
from partner_tokens.terminal.options import make_parser
from release import places, trimming
from release.change_log import METAINFO, releases
from release.debian import COMPLETIONS, change_log
from release.freezing import LAUNCHER
from release.identity import BUNDLE_ID, COMMANDS, MODULES
from release.man_pages import described, man_page
from release.sums import write_sums
from release.version_resource import four_numbers, version_resource

QT = "PySide6/Qt/plugins"
needs_sha256sum = pytest.mark.skipif(not shutil.which("sha256sum"), reason="a tool of GNU")


# ---- what is left out of the frozen program ----


@pytest.mark.parametrize(
    ("destination", "platform"),
    [
        (f"{QT}/platforms/libqxcb.so", "linux"),
        (f"{QT}/platforms/libqwayland.so", "linux"),
        (f"{QT}/iconengines/libqsvgicon.so", "linux"),
        (f"{QT}/platforminputcontexts/libcomposeplatforminputcontextplugin.so", "linux"),
        ("PySide6/plugins/platforms/qwindows.dll", "win32"),
        ("PySide6\\plugins\\styles\\qmodernwindowsstyle.dll", "win32"),
        (f"{QT}/platforms/libqcocoa.dylib", "darwin"),
        ("PySide6/Qt/translations/qtbase_es.qm", "linux"),
        ("PySide6/Qt/lib/libQt6DBus.so.6", "linux"),
        ("libQt6Core.so.6", "linux"),
        ("partner_tokens/resources/translations/es.mo", "linux"),
    ],
)
def test_what_the_program_needs_of_qt_is_kept(destination: str, platform: str) -> None:
    assert trimming.is_kept(destination, f"/build/{destination}", platform)


@pytest.mark.parametrize(
    ("destination", "platform"),
    [
        (f"{QT}/platformthemes/libqgtk3.so", "linux"),
        (f"{QT}/tls/libqopensslbackend.so", "linux"),
        (f"{QT}/imageformats/libqjpeg.so", "linux"),
        (f"{QT}/xcbglintegrations/libqxcb-glx-integration.so", "linux"),
        ("PySide6/Qt/lib/libQt6Network.so.6", "linux"),
        ("libQt6EglFsKmsSupport.so.6", "linux"),
        ("PySide6/opengl32sw.dll", "win32"),
        ("PySide6/Qt6Network.dll", "win32"),
        ("PySide6/QtNetwork.pyd", "win32"),
        ("PySide6/Qt/translations/qtbase_de.qm", "linux"),
        ("PySide6/Qt/translations/qt_es.qm", "linux"),
    ],
)
def test_what_no_part_of_the_program_needs_is_left_out(destination: str, platform: str) -> None:
    assert not trimming.is_kept(destination, f"/build/{destination}", platform)


def test_libraries_of_the_system_stay_the_systems_on_linux_alone() -> None:
    source = "/lib/x86_64-linux-gnu/libssl.so.3"
    assert not trimming.is_kept("libssl.so.3", source, "linux")
    assert trimming.is_kept("libssl.so.3", source, "darwin")
    assert trimming.is_kept("libssl.so.3", "/build/venv/libssl.so.3", "linux")
    for name in ("libpython3.11.so.1.0", "python3.11/lib-dynload/_ssl.so"):
        assert trimming.is_kept(name, f"/usr/lib/{name}", "linux")


def test_words_of_qt_come_along_in_every_language_that_the_window_speaks() -> None:
    languages = {file.stem for file in (places.ROOT / "resources" / "translations").glob("*.po")}
    assert {f"qtbase_{language}.qm" for language in languages} == trimming.TRANSLATIONS


# ---- what the desktop is told ----


def test_the_change_log_begins_with_this_version() -> None:
    newest = releases()[0]
    assert newest.version == places.version()
    assert newest.lines
    assert change_log().startswith(f"{NAME} ({newest.version}-1) ")


def test_no_line_of_the_change_log_is_too_long_for_a_terminal() -> None:
    lines = [line for line in change_log().splitlines() if not line.startswith(" -- ")]
    assert max(map(len, lines)) <= 80


def test_the_metainfo_bears_the_programs_id() -> None:
    assert METAINFO.is_file()
    assert f"<id>{BUNDLE_ID}</id>" in METAINFO.read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="no validator here")
def test_the_metainfo_is_valid() -> None:
    command = ["appstreamcli", "validate", "--no-net", str(METAINFO)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="no validator here")
def test_the_desktop_entry_is_valid_and_offers_a_quick_copy() -> None:
    entry = places.PACKAGING / "linux" / "partner-tokens.desktop"
    done = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True)
    remarks = [line for line in done.stdout.splitlines() if " hint: " not in line]
    assert (done.returncode, remarks) == (0, [])
    assert "Exec=partner-tokens --quick\n" in entry.read_text(encoding="utf-8")


def test_a_completion_is_shipped_for_every_shell_that_linux_has() -> None:
    scripts = places.ROOT / "resources" / "completion"
    assert {file.name for file in scripts.iterdir() if file.suffix != ".ps1"} == set(COMPLETIONS)


# ---- manual pages ----


def test_a_manual_page_names_every_command_and_option() -> None:
    page = man_page("partner-tokens-cli", datetime(2027, 1, 31, tzinfo=UTC))
    assert page.startswith(".TH PARTNER-TOKENS-CLI 1 2027-01-31 ")
    plain = page.replace("\\-", "-")
    help_text = make_parser().format_help()
    commands = re.findall(r"^    ([a-z]\S*)", help_text, re.MULTILINE)
    assert len(commands) > 8
    for command in commands:
        assert f"\n.SS {command}\n" in plain
    for option in ("--passphrase-fd", "--passcode-stdin", "--within", "--dry-run"):
        assert rf"\fB{option}\fR" in plain


def test_what_every_command_takes_is_told_once() -> None:
    page = described(make_parser())
    assert page.count(r"\fB\-\-profile\fR") == 1


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.skipif(not shutil.which("man"), reason="nothing reads manual pages here")
def test_a_manual_page_is_read_without_a_warning(command: str, tmp_path: Path) -> None:
    file = tmp_path / f"{command}.1.gz"
    file.write_bytes(gzip.compress(man_page(command, datetime(2027, 1, 31, tzinfo=UTC)).encode()))
    done = subprocess.run(
        ["man", "--warnings", "-l", str(file)],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{command} - " in done.stdout


# ---- Windows, sums ----


def test_windows_is_told_name_and_version() -> None:
    tree = ast.parse(version_resource("partner-tokens-cli", "1.20.3"), mode="eval")
    said = {
        node.args[0].value: node.args[1].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "StringStruct"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[1], ast.Constant)
    }
    assert said["OriginalFilename"] == "partner-tokens-cli.exe"
    assert said["ProductVersion"] == "1.20.3"
    assert "filevers=(1, 20, 3, 0)" in version_resource("partner-tokens", "1.20.3")
    assert four_numbers("0.1.0") == (0, 1, 0, 0)


@needs_sha256sum
def test_the_sums_can_be_checked_by_the_usual_tool(tmp_path: Path) -> None:
    for name in ("b.deb", "a.whl"):
        (tmp_path / name).write_text(name)
    write_sums(tmp_path)
    write_sums(tmp_path)
    check = ["sha256sum", "--check", "SHA256SUMS"]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "a.whl: OK\nb.deb: OK\n")
    (tmp_path / "a.whl").write_text("another")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 1


# ---- the frozen commands ----


@pytest.mark.parametrize("command", COMMANDS)
def test_a_frozen_command_leaves_no_variable_of_its_own_to_its_children(
    command: str, tmp_path: Path
) -> None:
    launcher = tmp_path / "launcher.py"
    launcher.write_text(LAUNCHER.format(module=MODULES[command]), encoding="utf-8")
    code = (
        "import os, runpy, sys\n"
        "os.environ['_PYI_ARCHIVE_FILE'] = 'x'\n"
        "sys._MEIPASS = os.environ['LD_LIBRARY_PATH'] = '/ours/_internal'\n"
        f"sys.argv = [{command!r}, '--version']\n"
        f"try: runpy.run_path({str(launcher)!r})\n"
        "finally: print([name for name in os.environ if name.startswith(('_PYI_', 'LD_'))])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Partner Tokens {places.version()}\n[]\n"


def test_a_path_of_libraries_that_the_user_has_set_is_given_back(tmp_path: Path) -> None:
    launcher = tmp_path / "launcher.py"
    launcher.write_text(LAUNCHER.format(module="partner_tokens.cli"), encoding="utf-8")
    code = (
        "import os, runpy, sys\n"
        "sys._MEIPASS, sys.argv = '/ours', ['x', '--version']\n"
        "os.environ.update(LD_LIBRARY_PATH='/ours', LD_LIBRARY_PATH_ORIG='/theirs')\n"
        f"try: runpy.run_path({str(launcher)!r})\n"
        "finally: print(os.environ['LD_LIBRARY_PATH'], 'LD_LIBRARY_PATH_ORIG' in os.environ)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.endswith("\n/theirs False\n")


def test_an_age_file_is_opened_by_the_frozen_command_beside_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "partner-tokens-cli"
    launcher = LAUNCHER.format(module=MODULES[beside.name])
    beside.write_text(f"#!{sys.executable}\n{launcher}", encoding="utf-8")
    beside.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "partner-tokens"))
    sealed = sealed_file(quick_age_file(b"inside", "eight letters"), "x")
    assert sealed.opened(Secret("eight letters")) == b"inside"
