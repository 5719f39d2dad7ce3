"""What the day's one reminder says."""

from partner_tokens.core.digest import OVER, Digest
from partner_tokens.ui.reminder_words import digest_words


def test_a_digest_counts_and_names_the_first_organizations() -> None:
    digest = Digest(
        frozenset("abcdef"), ((OVER, 1), (0, 2), (1, 1), (7, 2)), ("A", "B", "C", "D", "E")
    )
    title, text = digest_words(digest, names=True)
    assert title == "6 API tokens to look after"
    assert text == (
        "1 has run out, 2 run out today, 1 within 1 day, 2 within 7 days: A, B, C and 2 more."
    )


def test_a_digest_for_a_locked_window_names_nobody() -> None:
    digest = Digest(frozenset("a"), ((30, 1),), ("Contoso",))
    assert digest_words(digest, names=False) == ("1 API token to look after", "1 within 30 days.")
    assert digest_words(digest, names=True)[1] == "1 within 30 days: Contoso."
