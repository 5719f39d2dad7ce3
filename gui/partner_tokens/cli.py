"""The terminal's command line: `partner-tokens-cli`, or `python -m partner_tokens.cli`."""

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn

COMPLETE = "__complete"
"""What a shell asks with, see terminal/completing.py."""

INTERRUPTED = 130
"""As a shell sees a program that Ctrl+C has ended."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Carries out one command, then ends the process."""
    code = _carried_out(arguments)
    from partner_tokens.core.ending import end_process

    end_process(code)


def _carried_out(arguments: Sequence[str] | None) -> int:
    """Everything is loaded in here, so that Ctrl+C ends it without a word from the beginning."""
    gc.disable()  # a command is over before anything is worth collecting
    try:
        from partner_tokens.core.faults import forbid_core_dumps

        forbid_core_dumps()
        from partner_tokens.terminal.shortcut import handed_out

        words = sys.argv[1:] if arguments is None else arguments
        if words[:1] == [COMPLETE]:
            from partner_tokens.terminal.completing import complete

            return complete(words[1:])
        if handed_out(words):
            return 0
        from partner_tokens.terminal.program import run

        return run(words)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    main()
