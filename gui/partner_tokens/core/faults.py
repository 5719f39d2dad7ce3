"""A fault nobody expected: told by types and places alone, and never by a memory image."""

from pathlib import Path

from partner_tokens.core.errors import AppError

MOST_CALLS, MOST_LINES = 30, 100
"""Of one exception, and of a whole story."""


def describe(error: BaseException) -> tuple[str, str]:
    """Where a fault happened, in one line, and its whole story: names of files and functions.

    The message of an exception may hold whatever the failing code had in its hands, and a
    passphrase of short words looks like any other text: only those of our own errors are kept.
    """
    import traceback

    def way(link: BaseException) -> list[str]:
        """The innermost call first."""
        calls = traceback.extract_tb(link.__traceback__)[-MOST_CALLS:]
        return [f"  {_short(c.filename)}:{c.lineno} in {c.name}" for c in reversed(calls)]

    place = f"{type(error).__name__}{''.join(way(error)[:1])}"
    lines = [_heading(error), *way(error)]
    while (cause := _cause(error)) is not None and len(lines) < MOST_LINES:
        error = cause
        lines += [f"because of {_heading(error)}", *way(error)]
    return place, "\n".join(lines)


def _heading(link: BaseException) -> str:
    kind = type(link).__name__
    if not isinstance(link, AppError):
        return kind
    from partner_tokens.core.redaction import redact_long

    return f"{kind}: {redact_long(str(link))}"


def _cause(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short(filename: str) -> str:
    """Without the folders above the packages, which name the user."""
    return "/".join(Path(filename).parts[-3:])


def forbid_core_dumps() -> None:
    """Keeps the system from writing this process's memory to a file when it crashes (Unix)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
