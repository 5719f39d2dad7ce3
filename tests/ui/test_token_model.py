"""The list by organization: what stands where, what is found, what the clock changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clock import MovableClock
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import AccessToken, ApiToken, Organization, State
from partner_tokens.ui.token_model import Chip, Column, TokenModel, chips_of
from ui.samples import NOW, access_token, api_token

TEXT = Qt.ItemDataRole.DisplayRole
ALOUD = Qt.ItemDataRole.AccessibleTextRole


class Cache(dict[str, AccessToken]):
    """Access tokens at hand, by the API token's id."""

    def __call__(self, token: ApiToken) -> AccessToken | None:
        return self.get(token.id)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
def cache() -> Cache:
    return Cache()


@pytest.fixture
def model(clock: MovableClock, cache: Cache) -> TokenModel:
    return TokenModel(clock, cache)


def ids(model: TokenModel) -> list[str]:
    return [model.row_at(place).token.id for place in range(model.rowCount())]


def cell(model: TokenModel, id: str, column: Column, role: int = TEXT) -> str:
    place = model.place_of(id)
    assert place is not None
    return str(model.data(model.index(place, column), role))


def test_organizations_stand_in_order_of_their_folded_names(model: TokenModel) -> None:
    model.set_tokens([api_token("z", "Zürich"), api_token("e", "éclair"), api_token("a", "Acme")])
    assert ids(model) == ["a", "e", "z"]


def test_tokens_of_one_organization_stand_together_under_one_name(model: TokenModel) -> None:
    model.set_tokens(
        [
            api_token("2", "Coho", name="reports"),
            api_token("3", "Fabrikam"),
            api_token("1", "Coho", name="billing"),
        ]
    )
    rows = [model.row_at(place) for place in range(3)]
    assert [(row.token.id, row.leads, row.last) for row in rows] == [
        ("1", True, False),
        ("2", False, True),
        ("3", True, True),
    ]


def test_two_organizations_of_the_same_name_are_two(model: TokenModel) -> None:
    model.set_tokens([api_token("1", "Contoso", key=1), api_token("2", "Contoso", key=2)])
    assert [model.row_at(place).leads for place in range(2)] == [True, True]


def test_pinned_tokens_stand_first(model: TokenModel) -> None:
    model.set_tokens([api_token("a", "Acme"), api_token("z", "Zoo", pinned=True)])
    assert ids(model) == ["z", "a"]


def test_sorting_by_expiry_puts_the_nearest_end_first(model: TokenModel) -> None:
    model.set_tokens(
        [
            api_token("unknown", "A", days=None),
            api_token("late", "B", days=90),
            api_token("soon", "C", days=3),
        ]
    )
    model.sort(Column.EXPIRES)
    assert ids(model) == ["soon", "late", "unknown"]
    model.sort(Column.EXPIRES, Qt.SortOrder.DescendingOrder)
    assert ids(model) == ["unknown", "late", "soon"]


def test_sorting_by_last_use_puts_the_latest_first(model: TokenModel) -> None:
    model.set_tokens(
        [
            api_token("never", "A"),
            api_token("old", "B", used=NOW - timedelta(days=9)),
            api_token("new", "C", used=NOW - timedelta(hours=1)),
        ]
    )
    model.sort(Column.USED)
    assert ids(model) == ["new", "old", "never"]


def test_using_a_token_does_not_move_its_line(model: TokenModel) -> None:
    old = api_token("old", "B", used=NOW - timedelta(days=9))
    model.set_tokens([api_token("new", "C", used=NOW - timedelta(hours=1)), old])
    model.sort(Column.USED)
    model.put(api_token("old", "B", used=NOW))
    assert ids(model) == ["new", "old"]


@pytest.mark.parametrize(
    "words",
    ["cafe", "CAFÉ", "deploy", "night shift", "5f2c", "ana@", "café ana deploy", "  caf  "],
)
def test_every_typed_word_must_occur_somewhere(model: TokenModel, words: str) -> None:
    found = api_token(
        "1", "Café Central", name="Deploy", note="for the night shift", service_id="5f2c-11"
    )
    model.set_tokens([found, api_token("2", "Fabrikam", user="bo@partner.example")])
    model.filter(words, Chip.ALL)
    assert ids(model) == ["1"]


def test_words_that_do_not_all_occur_find_nothing(model: TokenModel) -> None:
    model.set_tokens([api_token("1", "Contoso")])
    model.filter("contoso fabrikam", Chip.ALL)
    assert ids(model) == []


def test_chips_count_and_filter(model: TokenModel) -> None:
    model.set_tokens(
        [
            api_token("over", "A", days=-1),
            api_token("week", "B", days=3),
            api_token("month", "C", days=20),
            api_token("fine", "D", pinned=True),
            api_token("refused", "E", state=State.REFUSED),
            api_token("passcode", "F", state=State.PASSCODE),
        ]
    )
    assert {chip: count for chip, count in model.counts().items() if count} == {
        Chip.ALL: 6,
        Chip.ATTENTION: 2,
        Chip.EXPIRED: 1,
        Chip.REFUSED: 1,
        Chip.WEEK: 1,
        Chip.MONTH: 2,
        Chip.PASSCODE: 1,
        Chip.FINE: 1,
        Chip.PINNED: 1,
    }
    model.filter("", Chip.MONTH)
    assert ids(model) == ["week", "month"]


@pytest.mark.parametrize(
    ("state", "days", "chips"),
    [
        (State.READY, 90, {Chip.FINE}),
        (State.READY, None, {Chip.NO_DATE}),
        (State.READY, 7, {Chip.WEEK, Chip.MONTH}),
        (State.UNPROVEN, 90, {Chip.UNPROVEN}),
        (State.UNREACHABLE, 3, {Chip.UNREACHABLE, Chip.WEEK, Chip.MONTH}),
        (State.UNREADABLE, 90, {Chip.UNREADABLE, Chip.ATTENTION}),
        (State.HELD, 30, {Chip.HELD, Chip.ATTENTION, Chip.MONTH}),
        (State.REFUSED, -1, {Chip.REFUSED, Chip.EXPIRED, Chip.ATTENTION}),
    ],
)
def test_a_token_is_counted_by_cause_and_by_band(
    state: State, days: float | None, chips: set[Chip]
) -> None:
    token = api_token("1", state=state, days=days)
    assert chips_of(token, NOW) == {*chips, Chip.ALL}


def test_an_endless_token_is_fine() -> None:
    endless = replace(api_token("1"), expiry=Expiry.endless())
    assert Chip.FINE in chips_of(endless, NOW)


def test_the_tokens_of_a_reminder_are_a_filter(model: TokenModel) -> None:
    model.set_tokens([api_token("1", "A"), api_token("2", "B"), api_token("3", "C")])
    model.set_reminded({"2", "gone"})
    assert model.counts()[Chip.REMINDED] == 1
    model.filter("", Chip.REMINDED)
    assert ids(model) == ["2"]


def test_a_countdown_is_computed_from_the_instant(
    model: TokenModel, clock: MovableClock, cache: Cache
) -> None:
    model.set_tokens([api_token("1")])
    cache["1"] = access_token(minutes=28)
    assert cell(model, "1", Column.ACCESS) == "28:00"
    clock.forward(minutes=20, seconds=1)
    assert cell(model, "1", Column.ACCESS) == "7:59"
    share, _words = model.access(api_token("1")) or (0, "")
    assert share == pytest.approx(7.98 / 30, abs=0.01)


def test_only_lines_in_view_whose_words_changed_are_announced(
    model: TokenModel, clock: MovableClock, cache: Cache
) -> None:
    model.set_tokens([api_token("1", "A"), api_token("2", "B"), api_token("3", "C")])
    cache["1"] = cache["3"] = access_token(minutes=28)
    for id in ("1", "2", "3"):
        for column in Column:
            cell(model, id, column)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, _last: changed.append((first.row(), first.column())))
    clock.forward(seconds=1)
    model.tick(0, 1)
    assert changed == [(0, Column.ACCESS)]


def test_a_fetched_token_says_so_in_its_row(model: TokenModel) -> None:
    model.set_tokens([api_token("1")])
    model.set_fetching({"1"})
    assert cell(model, "1", Column.ACCESS) == "fetching…"
    model.set_fetching(set())
    assert cell(model, "1", Column.ACCESS) == "–"


def test_a_row_reads_as_a_sentence(model: TokenModel, cache: Cache) -> None:
    model.set_tokens([api_token("1", "Contoso", name="build", days=3)])
    cache["1"] = access_token(minutes=28)
    sentence = cell(model, "1", Column.ORGANIZATION, ALOUD)
    for words in ("Contoso", "build", "3 days", "28"):
        assert words in sentence


def test_names_from_the_service_are_never_taken_for_rich_text(model: TokenModel) -> None:
    model.set_tokens([api_token("1", "<b>Contoso</b> & <img src=x>")])
    tip = cell(model, "1", Column.ORGANIZATION, Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;Contoso" in tip


def test_exact_times_are_in_the_tooltips(model: TokenModel) -> None:
    model.set_tokens([api_token("1", days=3, used=NOW)])
    tip = Qt.ItemDataRole.ToolTipRole
    assert "2026" in cell(model, "1", Column.EXPIRES, tip)
    assert "2026" in cell(model, "1", Column.USED, tip)
    assert cell(model, "1", Column.RESULT, tip).startswith("Ready\n")


def test_dropping_and_putting_keep_the_rest(model: TokenModel) -> None:
    tokens: list[ApiToken] = [api_token("1", "A"), api_token("2", "B")]
    model.set_tokens(tokens)
    model.drop("1")
    assert ids(model) == ["2"]
    model.put(tokens[0])
    assert ids(model) == ["1", "2"]
    assert len(model) == 2


# ---- one of many changed ----------------------------------------------------------------------


def counted(model: TokenModel) -> dict[Chip, int]:
    return {chip: count for chip, count in model.counts().items() if count}


def test_a_result_redraws_its_own_line_and_nothing_else(model: TokenModel, qtbot: QtBot) -> None:
    tokens = [api_token(str(n), f"Customer {n}", state=State.UNPROVEN) for n in range(5)]
    model.set_tokens(tokens)
    assert counted(model) == {Chip.ALL: 5, Chip.UNPROVEN: 5}
    drawn: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: drawn.append((first.row(), last.row())))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.counted):
        model.put(api_token("3", "Customer 3", state=State.REFUSED, user="new@partner.example"))
    assert drawn == [(3, 3)]
    assert cell(model, "3", Column.RESULT) == "Refused by the service"
    assert counted(model) == {Chip.ALL: 5, Chip.UNPROVEN: 4, Chip.ATTENTION: 1, Chip.REFUSED: 1}
    assert model.token("3") == model.row_at(3).token
    model.filter("new@partner", Chip.ALL)
    assert ids(model) == ["3"]


@pytest.mark.parametrize(
    "changed",
    [
        api_token("b", "Acme", key=9),
        api_token("b", "Beta", name="zzz"),
        api_token("b", "Beta", pinned=True),
    ],
)
def test_a_renamed_moved_or_pinned_token_finds_its_new_place(
    model: TokenModel, changed: ApiToken
) -> None:
    tokens = [api_token("a", "Alpha"), api_token("b", "Beta"), api_token("c", "Beta", name="cc")]
    model.set_tokens(tokens)
    model.put(changed)
    placed = ids(model)
    model.arrange()
    assert placed == ids(model)
    assert placed != ["a", "b", "c"]


def test_a_token_that_no_longer_has_the_words_leaves_the_list(model: TokenModel) -> None:
    model.set_tokens([api_token("a", "Alpha", note="yellow"), api_token("b", "Beta")])
    model.filter("yellow", Chip.ALL)
    model.put(api_token("b", "Beta", note="yellow"))
    assert ids(model) == ["a", "b"]
    model.put(api_token("a", "Alpha", note="green"))
    assert ids(model) == ["b"]


def test_counts_follow_the_clock_and_survive_single_changes(
    model: TokenModel, clock: MovableClock
) -> None:
    model.set_tokens([api_token("a", days=7.0001), api_token("b", "Beta")])
    assert counted(model)[Chip.MONTH] == 1
    clock.forward(days=1)
    model.put(api_token("b", "Beta", state=State.REFUSED))
    clock.forward(minutes=1)
    assert counted(model) == {
        Chip.ALL: 2, Chip.WEEK: 1, Chip.MONTH: 1, Chip.REFUSED: 1, Chip.ATTENTION: 1,
    }  # fmt: skip
    model.drop("a")
    assert counted(model) == {Chip.ALL: 1, Chip.REFUSED: 1, Chip.ATTENTION: 1}


def test_a_letter_that_all_have_moves_no_line_but_is_told(model: TokenModel) -> None:
    model.set_tokens([api_token("a", "Acme"), api_token("b", "Bravo", name="banana")])
    moved, told = [], []
    model.modelReset.connect(lambda: moved.append(ids(model)))
    model.arranged.connect(lambda: told.append(ids(model)))
    model.filter("a", Chip.ALL)
    assert (moved, told) == ([], [["a", "b"]])
    model.filter("ban", Chip.ALL)
    assert moved == [["b"]]


def test_organizations_of_the_same_name_are_kept_apart(model: TokenModel) -> None:
    first, second = Organization("Acme", "", 1), Organization("Acme", "", 2)
    model.set_tokens(
        replace(api_token(id, "Acme", name=name), organization=home)
        for id, name, home in (("1", "a", first), ("2", "b", second), ("3", "c", first))
    )
    assert ids(model) == ["1", "3", "2"]
    assert model.leading() == [True, False, True]


def test_who_hears_of_a_change_still_finds_the_lines_of_before(model: TokenModel) -> None:
    model.set_tokens([api_token("a", "Acme"), api_token("b", "Bravo")])
    found: list[list[str]] = []
    model.modelAboutToBeReset.connect(lambda: found.append(ids(model)))
    model.drop("b")
    assert (found, ids(model)) == ([["a", "b"]], ["a"])
