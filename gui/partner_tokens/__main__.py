"""The window's command line: `partner-tokens`, or `python -m partner_tokens`."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from partner_tokens import __version__
from partner_tokens.ahead import Ahead
from partner_tokens.core.errors import FolderShared
from partner_tokens.core.language import _
from partner_tokens.core.profile import default_profile, profile_under
from partner_tokens.parts import Parts


def main(arguments: Sequence[str] | None = None) -> int:
    """Opens the window; returns the process's exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        profile = profile_under(options.profile) if options.profile else default_profile()
    except FolderShared as error:
        parser.error(str(error))
    with ExitStack() as stack:
        if options.demo:
            from partner_tokens.sandbox.demo import Demo

            demo = stack.enter_context(Demo())
            parts, first_rows = demo.parts, Ahead(demo.fill)
        else:
            parts = Parts(profile)
            stack.callback(parts.close)
            first_rows = Ahead(parts.store.tokens)
        # Qt takes most of the time until the first paint: from here on it loads while rows are read
        from partner_tokens.application import Application, make_qt

        application = Application(make_qt(), parts, first_rows, demo=options.demo)
        if options.picture:
            return application.paint_picture(options.picture)
        return application.run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="partner-tokens",
        description=_("Keep the API tokens of your customers' organizations, copy fresh headers."),
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--demo", action="store_true", help=_("invented organizations and a service in small")
    )
    place.add_argument(
        "--profile",
        type=Path,
        metavar="DIR",
        help=_("keep data, preferences and log under one folder"),
    )
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help=_("write a picture of the window, then end")
    )
    parser.add_argument("--version", action="version", version=f"Partner Tokens {__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
