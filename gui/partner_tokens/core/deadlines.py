"""Work that must end in time: done on a daemon thread, and left to itself when it does not."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

Done = TypeVar("Done")

DEADLINE = timedelta(seconds=15)
"""Of one request to the service and its whole answer."""


class Overdue(Exception):
    """The work was not done in time; its thread goes on until it notices, and is not heard."""


def within(limit: timedelta, work: Callable[[], Done]) -> Done:
    """What `work` gives or raises; raises Overdue once `limit` has passed.

    Nothing less holds against a resolver that hangs: `getaddrinfo` knows no time-out and cannot be
    interrupted. A daemon thread does not keep the program alive.
    """
    results: list[Done] = []
    errors: list[BaseException] = []
    done, given_up = threading.Event(), threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  # raised anew in the thread that waits
            errors.append(error)
        finally:
            done.set()
        if given_up.is_set():
            errors.clear()

    threading.Thread(target=run, name="within", daemon=True).start()
    if not done.wait(limit.total_seconds()):
        given_up.set()
        if done.is_set():
            errors.clear()
        raise Overdue
    if errors:
        raise errors.pop()  # kept here, it would hold itself by its traceback
    return results[0]
