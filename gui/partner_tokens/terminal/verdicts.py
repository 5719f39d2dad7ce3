"""Which exit code a failure ends with; loaded once something has failed."""

from partner_tokens.core.errors import AppError, Unexpected
from partner_tokens.core.errors.files import EarlierFileKept, NothingOpened
from partner_tokens.core.errors.keys import SecretStorageError
from partner_tokens.core.errors.service import PasscodeNeeded, Refused, ServiceError
from partner_tokens.core.errors.store import FolderShared, StoreError
from partner_tokens.core.errors.tokens import AnotherOrganization, EditedMeanwhile, NoSuchToken
from partner_tokens.core.relay import Relayed
from partner_tokens.terminal.choosing import NotOne
from partner_tokens.terminal.codes import BUG, NOT_ONE, PASSCODE, REFUSED, SERVICE, STORAGE, USAGE

KINDS: tuple[tuple[int, tuple[type[AppError], ...]], ...] = (
    (USAGE, (FolderShared,)),
    (NOT_ONE, (NotOne, NoSuchToken, EditedMeanwhile)),
    (REFUSED, (Refused, AnotherOrganization)),
    (PASSCODE, (PasscodeNeeded,)),
    (SERVICE, (ServiceError,)),
    (STORAGE, (SecretStorageError, StoreError, NothingOpened, EarlierFileKept)),
    (BUG, (Unexpected,)),
    (USAGE, (AppError,)),
)
"""The first that fits; held for another organization counts as refused.

What is left can be done with other words or another file: a token that is stored already, an output
that cannot be written.
"""


def code_of(error: AppError) -> int:
    """The exit code for a failure, here or in the running window."""
    kind = error.kind if isinstance(error, Relayed) else type(error)
    return next(code for code, kinds in KINDS if issubclass(kind, kinds))
