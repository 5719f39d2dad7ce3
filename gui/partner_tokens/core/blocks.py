"""Which of several settings belong to which token, by where they stand."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

Placed = tuple[int, str]
"""Where a setting stands, and its value."""


def own_values(
    tokens: Sequence[int], settings: Iterable[Placed], breaks: Sequence[int] = ()
) -> tuple[str | None, ...]:
    """For each token the value that is its own; None where that is not clear.

    `tokens` are where the tokens stand, `breaks` where paragraphs of one token each end, if there
    are such; both ascend. A guess would send a token to the host of another customer.
    """
    if breaks:
        return _by_paragraph(tokens, settings, breaks)
    return _by_side(tokens, settings)


def are_paragraphs(tokens: Sequence[int], settings: Iterable[int], breaks: Sequence[int]) -> bool:
    """Whether the breaks part the tokens from one another, and from no setting of theirs.

    Settings may stand alone before the first token: they are for all.
    """
    with_token = [bisect_left(breaks, place) for place in tokens]
    if len(set(with_token)) < len(with_token) or len(with_token) < 2:
        return False
    others = {bisect_left(breaks, place) for place in settings} - set(with_token)
    return all(paragraph < with_token[0] for paragraph in others)


def is_one_value(settings: Iterable[Placed]) -> bool:
    """Whether all of them say the same: an address may stand with or without its scheme."""
    return len({_bare(value) for _place, value in settings}) == 1


def _by_paragraph(
    tokens: Sequence[int], settings: Iterable[Placed], breaks: Sequence[int]
) -> tuple[str | None, ...]:
    paragraphs: dict[int, list[str]] = defaultdict(list)
    for place, value in settings:
        paragraphs[bisect_left(breaks, place)].append(value)
    with_token = [bisect_left(breaks, place) for place in tokens]
    alone = paragraphs.keys() - set(with_token)
    common = _only([value for each in alone for value in paragraphs[each]])
    return tuple(_only(paragraphs[each]) if paragraphs.get(each) else common for each in with_token)


def _by_side(tokens: Sequence[int], settings: Iterable[Placed]) -> tuple[str | None, ...]:
    """All stand above their tokens, or all below: nothing then stands at the other end."""
    gaps: list[list[str]] = [[] for _token in range(len(tokens) + 1)]
    for place, value in settings:
        gaps[bisect_left(tokens, place)].append(value)
    is_above, is_below = bool(gaps[0]), bool(gaps[-1])
    is_told = all(_only(gap) is not None for gap in gaps if gap)
    if is_above is is_below or not is_told:
        return (None,) * len(tokens)
    return tuple(map(_only, gaps[:-1] if is_above else gaps[1:]))


def _only(values: Sequence[str]) -> str | None:
    return values[0] if len(set(map(_bare, values))) == 1 else None


def _bare(value: str) -> str:
    return value.casefold().removeprefix("https://").rstrip("/")
