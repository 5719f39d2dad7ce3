"""The window's command line: `partner-tokens`, or `python -m partner_tokens`."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import NoReturn

from partner_tokens import __version__
from partner_tokens.ahead import Ahead
from partner_tokens.command_line import N_, Help, path
from partner_tokens.core.door import Door
from partner_tokens.core.errors import AppError, NotAnswering
from partner_tokens.core.errors.store import FolderShared
from partner_tokens.core.instance import Instance
from partner_tokens.core.language import choose_by
from partner_tokens.core.preferences import load
from partner_tokens.core.profile import default_profile, profile_under
from partner_tokens.parts import Parts


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Opens the window, or has the program that runs already do so; then ends the process."""
    gc.disable()  # what a start makes stays; later `Collecting` does it
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        profile = profile_under(options.profile) if options.profile else default_profile()
    except FolderShared as error:
        parser.error(str(error))
    choose_by(lambda: load(profile.preferences_path)[0].language)
    with ExitStack() as stack:
        door = Door()
        if options.demo:
            from partner_tokens.sandbox.demo import Demo

            demo = Demo()
            stack.callback(demo.leave)  # as below
            parts, first_rows = demo.parts, Ahead(demo.fill)
        else:
            running = stack.enter_context(Instance(profile.data))
            if not _is_first(running):
                code = _tell_the_first(running, options)
                if code is not None:
                    sys.exit(code)
            with suppress(AppError, OSError):  # then a second start is told that nobody answers
                running.serve(door.answer)
            parts = Parts(profile)  # `stop` closes them: on a dead disk that would take for ever
            first_rows = Ahead(parts.store.tokens)
        # Qt takes most of the time until the first paint: it loads while the rows are read
        from partner_tokens.application import Application, make_qt
        from partner_tokens.ui.stopping import end_with

        qt = make_qt()
        application = Application(qt, parts, first_rows, demo=options.demo)
        application.let_in(door)
        if options.picture:
            from partner_tokens.picture import paint_picture

            code = paint_picture(application, options.picture)
        else:
            code = application.run(quick=options.quick, copy=options.copy)
        del application  # before Qt is taken down
    end_with(qt, code)


def _is_first(running: Instance) -> bool:
    try:
        return running.claim()
    except (AppError, OSError):  # a folder we cannot use: the window says so in its own words
        return True


def _tell_the_first(running: Instance, options: argparse.Namespace) -> int | None:
    """Hands over to the running program what was asked for; the process's exit code.

    None where that program has ended meanwhile: then this is the first.
    """
    what = "quick" if options.quick else "raise" if options.copy is None else "copy"
    # What the desktop gives to a program that it starts, so that it may take the keyboard.
    activation = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    if sys.platform == "win32":  # there only whom the user has just started may grant that
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # ASFW_ANY
    wish = {"do": what, "words": options.copy or "", "activation": activation}
    try:
        return 0 if running.hand_over(wish) else None
    except NotAnswering as error:
        from partner_tokens.application import make_qt, tell

        make_qt()
        tell(error)
        return 1
    except (AppError, OSError):  # as above
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="partner-tokens",
        description=N_("Keep the API tokens of your customers' organizations, copy fresh headers."),
        formatter_class=Help,
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--demo", action="store_true", help=N_("invented organizations and a service in small")
    )
    place.add_argument(
        "--profile",
        type=path,
        metavar="DIR",
        help=N_("keep data, preferences and log under one folder"),
    )
    deed = parser.add_mutually_exclusive_group()
    deed.add_argument(
        "--quick", action="store_true", help=N_("open the small window for a quick copy")
    )
    deed.add_argument(
        "--copy",
        metavar="WORDS",
        help=N_("copy the header of the token that these words mean; ask where it is not clear"),
    )
    parser.add_argument(
        "--picture", type=path, metavar="FILE", help=N_("write a picture of the window, then end")
    )
    parser.add_argument("--version", action="version", version=f"Partner Tokens {__version__}")
    return parser


if __name__ == "__main__":
    main()
