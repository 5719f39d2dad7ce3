"""Opens the program from the checkout, on its demo unless told otherwise."""

import os
import subprocess

import dev_environment
import dev_system
import dev_words
from dev_report import SetUpError, say

PICTURE = dev_environment.ROOT / "partner-tokens-demo.png"
# Options after which `--demo` would be wrong or useless.
NOT_THE_DEMO = ("--demo", "--profile", "--version", "--help", "-h")


def run(arguments: list[str]) -> int:
    """Set up what is missing and open the program; the answer is its exit code.

    Raises:
        SetUpError: the set-up failed, or the options ask for a window where there is no screen.
    """
    options = program_options(arguments)
    dev_environment.ensure(tools=False)
    dev_words.compile_stale()
    dev_system.ensure_for_window(dev_environment.qt_folder())
    if dev_system.has_screen():
        return _replace_by("partner_tokens", *options)
    if options == ["--demo"]:
        return _show_without_screen()
    if (
        "--demo" in options
        or "--picture" in options
        or options in (["--version"], ["--help"], ["-h"])
    ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return _replace_by("partner_tokens", *options)
    raise SetUpError(
        "there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): "
        f"use the terminal program, `{dev_environment.PYTHON} -m partner_tokens.cli --help`."
    )


def program_options(arguments: list[str]) -> list[str]:
    """Add `--demo` unless a profile is named; after a leading `--`, hand over what stands there."""
    if arguments[:1] == ["--"]:
        return arguments[1:]
    if any(argument.partition("=")[0] in NOT_THE_DEMO for argument in arguments):
        return arguments
    return ["--demo", *arguments]


def _show_without_screen() -> int:
    say("No screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): this is the demo as text.")
    shown = _call("partner_tokens.cli", "--demo", "show")
    say("Drawing the window without a screen …")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    drawn = _call("partner_tokens", "--demo", "--picture", str(PICTURE))
    if drawn == 0:
        say(f"A picture of the window is in {PICTURE}")
    return shown or drawn


def _command(module: str, arguments: tuple[str, ...]) -> list[str]:
    # -P: the folder one stands in must not lend the program its modules.
    return [str(dev_environment.PYTHON), "-P", "-m", module, *arguments]


def _call(module: str, *arguments: str) -> int:
    return subprocess.run(_command(module, arguments)).returncode


def _replace_by(module: str, *arguments: str) -> int:
    command = _command(module, arguments)
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - signals then reach the program itself
    return subprocess.run(command).returncode
