"""What the exit code of the terminal program says."""

from partner_tokens.core.errors import (
    AnotherOrganization,
    AppError,
    DuplicateToken,
    EditedMeanwhile,
    FileUnwritable,
    FolderShared,
    InputError,
    NoSuchToken,
    NothingOpened,
    PasscodeNeeded,
    Refused,
    SecretStorageError,
    ServiceError,
    StoreError,
    Unimportable,
    WrongFilePassphrase,
)
from partner_tokens.core.relay import Relayed
from partner_tokens.terminal.choosing import NotOne
from partner_tokens.terminal.console import UsageError

DONE = 0
BUG = 1
SOME = 1
"""`expiring` has found some: what a monitor or a cron job takes for a reason to speak up."""
USAGE = 2
NOT_ONE = 3
REFUSED = 4
SERVICE = 5
STORAGE = 6
PASSCODE = 7
NOBODY_READS = 141
"""As a shell sees a program that SIGPIPE has ended."""


KINDS: tuple[tuple[int, tuple[type[AppError], ...]], ...] = (
    (USAGE, (UsageError, InputError, DuplicateToken, Unimportable, WrongFilePassphrase)),
    (USAGE, (FolderShared, FileUnwritable)),
    (NOT_ONE, (NotOne, NoSuchToken, EditedMeanwhile)),
    (REFUSED, (Refused, AnotherOrganization)),
    (PASSCODE, (PasscodeNeeded,)),
    (SERVICE, (ServiceError,)),
    (STORAGE, (SecretStorageError, StoreError, NothingOpened)),
)
"""The first that fits; held for another organization counts as refused."""


def code_of(error: AppError) -> int:
    """The exit code for an error, here or in the running window."""
    kind = error.kind if isinstance(error, Relayed) else type(error)
    return next((code for code, kinds in KINDS if issubclass(kind, kinds)), BUG)
