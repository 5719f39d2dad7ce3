"""Which cell of the preview mends what is wrong with a row."""

from typing import TYPE_CHECKING

from partner_tokens.core.errors.organizations import NameTaken
from partner_tokens.core.errors.tokens import DuplicateToken, RepeatedToken
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.tokens import clean_name
from partner_tokens.ui.import_model import EDITABLE, Column

if TYPE_CHECKING:
    from partner_tokens.core.columns import Found
    from partner_tokens.core.intake import Row

CELLS = {
    Problem.TOKEN_MISSING: Column.SECRET,
    Problem.TOKEN_IS_ACCESS_TOKEN: Column.SECRET,
    Problem.TOKEN_IS_HEADER: Column.SECRET,
    Problem.TOKEN_HAS_SPACES: Column.SECRET,
    Problem.TOKEN_TOO_LONG: Column.SECRET,
    Problem.CLIENT_SECRET_MISSING: Column.SECRET,
    Problem.CLIENT_SECRET_INVALID: Column.SECRET,
    Problem.CLIENT_ID_IS_SECRET: Column.SECRET,
    Problem.ORGANIZATION_MISSING: Column.ORGANIZATION,
    Problem.NAME_MISSING: Column.NAME,
    Problem.ENDPOINT_INVALID: Column.ENDPOINT,
    Problem.ENDPOINT_NOT_HTTPS: Column.ENDPOINT,
    Problem.ENDPOINT_UNCLEAR: Column.ENDPOINT,
    Problem.DATE_INVALID: Column.EXPIRES,
    Problem.DATE_AMBIGUOUS: Column.EXPIRES,
}
"""The problems that can be about one cell only."""


def cell_that_mends(row: "Row") -> Column | None:
    """The column whose cell the row's problem is about; None where it has none in the preview."""
    match row.problem:
        case InputError(problem=problem):
            return _cell_of(problem, row.found)
        case DuplicateToken() | RepeatedToken():
            return Column.SECRET
        case NameTaken():
            return Column.ORGANIZATION
    return None


def _cell_of(problem: Problem, found: "Found") -> Column | None:
    match problem:
        case Problem.TEXT_IS_TOKEN:
            held = (
                each for each, name in EDITABLE.items() if holds_api_token(getattr(found, name))
            )
            return next(held, None)
        case Problem.TEXT_TOO_LONG | Problem.TEXT_UNPRINTABLE:
            names = (Column.ORGANIZATION, Column.NAME)
            return next((each for each in names if _is_unfit(found, each, problem)), None)
        case Problem.CLIENT_ID_MISSING | Problem.CLIENT_ID_INVALID:
            return None if found.client_id else Column.SECRET  # it stands before the secret
    return CELLS.get(problem)


def _is_unfit(found: "Found", column: Column, problem: Problem) -> bool:
    try:
        clean_name(getattr(found, EDITABLE[column]))
    except InputError as error:
        return error.problem is problem
    return False
