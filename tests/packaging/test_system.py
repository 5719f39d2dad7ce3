"""What packaging/dev.py asks of the operating system, and how it opens the program."""

import json
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

import dev_checks
import dev_run
import dev_system

QT = Path(PySide6.__file__).parent / "Qt"
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="a matter of Linux")


@pytest.mark.parametrize(
    ("given", "handed_over"),
    [
        ([], ["--demo"]),
        (["--demo"], ["--demo"]),
        (["--style", "dark"], ["--demo", "--style", "dark"]),
        (["--profile", "here"], ["--profile", "here"]),
        (["--profile=here"], ["--profile=here"]),
        (["--version"], ["--version"]),
        (["--"], []),
        (["--", "--profile", "here"], ["--profile", "here"]),
    ],
)
def test_the_demo_opens_unless_told_otherwise(given: list[str], handed_over: list[str]) -> None:
    assert dev_run.program_options(given) == handed_over


@pytest.mark.parametrize(
    ("environment", "platform", "answer"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_screen_is_told_from_none(
    environment: dict[str, str], platform: str, answer: bool
) -> None:
    assert dev_system.has_screen(environment, platform) is answer


def test_missing_libraries_are_read_from_ldd_once_each() -> None:
    output = (
        "plugins/platforms/libqxcb.so:\n"
        "\tlibxcb-icccm.so.4 => not found\n"
        "\tlibX11.so.6 => /lib/x86_64-linux-gnu/libX11.so.6 (0x00007f)\n"
        "lib/libQt6Widgets.so.6:\n"
        "\tlibxcb-icccm.so.4 => not found\n"
        "\tlibEGL.so.1 => not found\n"
    )
    assert dev_system.missing_libraries(output) == ["libEGL.so.1", "libxcb-icccm.so.4"]


def test_only_what_dpkg_calls_installed_counts() -> None:
    output = "xvfb installed\nlibegl1:amd64 installed\nxclip config-files\nopenbox not-installed\n"
    wanted = ["xvfb", "libegl1", "xclip", "openbox", "xauth"]
    assert dev_system.missing_packages(wanted, output) == ["xclip", "openbox", "xauth"]


@linux_only
def test_a_package_is_known_for_every_x_library_that_qt_looks_for() -> None:
    answer = subprocess.run(
        ["ldd", str(QT / "plugins" / "platforms" / "libqxcb.so")],
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = {line.split()[0] for line in answer.stdout.splitlines() if "=>" in line}
    x_libraries = {name for name in wanted if name.startswith(("libxcb", "libxkb", "libEGL"))}
    assert len(x_libraries) > 10
    assert x_libraries <= set(dev_system.PACKAGE_OF_LIBRARY)


@linux_only
def test_nothing_is_installed_where_nothing_is_missing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    dev_system.ensure_for_tests(QT)
    dev_system.ensure_for_window(QT)
    assert capfd.readouterr() == ("", "")


def test_branches_are_counted_apart_from_lines() -> None:
    report = {"totals": {"covered_branches": 19, "num_branches": 20, "percent_covered": 99.5}}
    assert dev_checks.branch_percentage(json.dumps(report)) == 95.0
