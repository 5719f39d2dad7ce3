"""What other starts ask for while the first program is still loading, and while it ends."""

import threading

from partner_tokens.core.door import MOST, Door
from partner_tokens.core.instance import Message
from partner_tokens.core.relay import ALONE


class Window:
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Message] = []

    def answer(self, message: Message) -> Message:
        self.asked.append(message)
        return {"done": True}


def test_what_was_asked_for_early_is_done_later_and_in_turn() -> None:
    door, window = Door(), Window()
    wishes: list[Message] = [{"do": "raise"}, {"do": "quick"}, {"do": "copy", "words": "contoso"}]
    for wish in wishes:
        assert door.answer(wish) == {"done": True}
    assert window.asked == []
    door.open(window.answer)
    assert window.asked == wishes
    door.answer({"do": "raise"})
    assert window.asked == [*wishes, {"do": "raise"}]


def test_the_terminal_does_not_wait_for_a_window_that_is_loading() -> None:
    door, window = Door(), Window()
    for message in ({"do": "lend"}, {"do": "hand out"}, {}, {"do": "else"}, {"do": ["raise"]}):
        assert door.answer(message) == ALONE
    door.open(window.answer)
    assert window.asked == []


def test_no_more_is_kept_than_anybody_means() -> None:
    door, window = Door(), Window()
    for number in range(1000):
        door.answer({"do": "raise", "number": number})
    door.open(window.answer)
    assert [wish["number"] for wish in window.asked] == list(range(1000 - MOST, 1000))


def test_no_wish_is_lost_while_the_door_is_opened() -> None:
    door, window = Door(), Window()
    go = threading.Barrier(5)

    def ask() -> None:
        go.wait()
        door.answer({"do": "raise"})

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    go.wait()
    door.open(window.answer)
    for thread in asking:
        thread.join()
    assert len(window.asked) == 4


def test_once_it_is_shut_nothing_is_said_to_be_done() -> None:
    door, window = Door(), Window()
    door.answer({"do": "quick"})
    door.shut()
    door.open(window.answer)
    assert door.answer({"do": "raise"}) == {"done": False}
    assert door.answer({"do": "lend"}) == ALONE
    assert window.asked == []
