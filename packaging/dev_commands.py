"""Picks the command that was asked for, and turns every known failure into one sentence."""

import sys

import dev_bench
import dev_bill
import dev_checks
import dev_licences
import dev_lock
import dev_run
import dev_torture
import dev_words
from dev_report import SetUpError, say


def main(arguments: list[str], usage: str) -> int:
    """Carry out one command; the answer is the exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        match command:
            case "run":
                return dev_run.run(rest)
            case "test":
                return dev_checks.test(rest)
            case "bench":
                return dev_bench.bench(rest)
            case "torture":
                return dev_torture.torture(rest)
            case "bill":
                return dev_bill.bill(rest)
            case "licences":
                return dev_licences.licences()
            case "lock":
                return dev_lock.lock_requirements(rest)
            case "words":
                return dev_words.words(rest)
            case "-h" | "--help" | "help":
                print(usage)
                return 0
            case _:
                print(usage, file=sys.stderr)
                return 2
    except SetUpError as error:
        say(f"Not done: {error}")
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next run goes on from a sound state.")
        return 130
