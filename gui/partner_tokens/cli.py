"""The terminal's command line: `partner-tokens-cli`, or `python -m partner_tokens.cli`."""

import sys
from collections.abc import Sequence

INTERRUPTED = 130
"""As a shell sees a program that Ctrl+C has ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carries out one command; returns the process's exit code.

    Everything is loaded in here, so that Ctrl+C ends it without a word from the beginning.
    """
    try:
        from partner_tokens.core.faults import forbid_core_dumps

        forbid_core_dumps()
        from partner_tokens.terminal.shortcut import handed_out

        if handed_out(sys.argv[1:] if arguments is None else arguments):
            return 0
        from partner_tokens.terminal.program import run

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
