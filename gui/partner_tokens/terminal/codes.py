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
    PasscodeNeeded,
    Refused,
    SecretStorageError,
    ServiceError,
    StoreError,
    Unimportable,
)
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


def code_of(error: AppError) -> int:
    """The exit code for an error; held for another organization counts as refused."""
    match error:
        case UsageError() | InputError() | DuplicateToken() | Unimportable():
            return USAGE
        case FolderShared() | FileUnwritable():
            return USAGE
        case NotOne() | NoSuchToken() | EditedMeanwhile():
            return NOT_ONE
        case Refused() | AnotherOrganization():
            return REFUSED
        case PasscodeNeeded():
            return PASSCODE
        case ServiceError():
            return SERVICE
        case SecretStorageError() | StoreError():
            return STORAGE
        case _:
            return BUG
