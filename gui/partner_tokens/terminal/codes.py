"""What the exit code of the terminal program says."""

from partner_tokens.core.errors import (
    AnotherOrganization,
    AppError,
    EditedMeanwhile,
    FolderShared,
    NoSuchToken,
    NothingOpened,
    PasscodeNeeded,
    Refused,
    SecretStorageError,
    ServiceError,
    StoreError,
    Unexpected,
)
from partner_tokens.core.relay import Relayed
from partner_tokens.terminal.choosing import NotOne

DONE = 0
SOME = 1
"""`expiring` has found some: what a monitor or a cron job takes for a reason to speak up."""
USAGE = 2
NOT_ONE = 3
REFUSED = 4
SERVICE = 5
STORAGE = 6
PASSCODE = 7
BUG = 70
"""As sysexits.h has it, apart from SOME: a cron job is not to take one for the other."""
NOBODY_READS = 141
"""As a shell sees a program that SIGPIPE has ended."""


KINDS: tuple[tuple[int, tuple[type[AppError], ...]], ...] = (
    (USAGE, (FolderShared,)),
    (NOT_ONE, (NotOne, NoSuchToken, EditedMeanwhile)),
    (REFUSED, (Refused, AnotherOrganization)),
    (PASSCODE, (PasscodeNeeded,)),
    (SERVICE, (ServiceError,)),
    (STORAGE, (SecretStorageError, StoreError, NothingOpened)),
    (BUG, (Unexpected,)),
    (USAGE, (AppError,)),
)
"""The first that fits; held for another organization counts as refused.

What is left can be done with other words or another file: a token that is stored already, an output
that cannot be written.
"""


def code_of(error: AppError) -> int:
    """The exit code for an error, here or in the running window."""
    kind = error.kind if isinstance(error, Relayed) else type(error)
    return next(code for code, kinds in KINDS if issubclass(kind, kinds))
