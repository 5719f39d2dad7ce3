"""Fresh access tokens, with a real store, a real vault and the service in small."""

import gc
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from clock import MovableClock
from partner_tokens.core.broker import DEFAULT_MIN_LIFE, Broker
from partner_tokens.core.claims import statement_of
from partner_tokens.core.credentials import Credential
from partner_tokens.core.database import Database
from partner_tokens.core.deadlines import DEADLINE
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.organizations import OrganizationPaused
from partner_tokens.core.errors.service import (
    BrokenReply,
    PasscodeNeeded,
    Refused,
    ServiceError,
    Throttled,
    Unreachable,
)
from partner_tokens.core.errors.tokens import AnotherOrganization, EditedMeanwhile, NoSuchToken
from partner_tokens.core.events import Event
from partner_tokens.core.flight import Discarded, Flight
from partner_tokens.core.formats import Format
from partner_tokens.core.keychain import Keychain
from partner_tokens.core.organizations import Organizations
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.secret import Secret
from partner_tokens.core.service import Service
from partner_tokens.core.slots import Slots
from partner_tokens.core.stages import Stage
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import AccessToken, ApiToken, Organization, Result, State
from partner_tokens.core.transport import Transport
from partner_tokens.core.trash import Trash
from partner_tokens.core.vault import Vault
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox
from partner_tokens.terminal import borrowing

CONTOSO = "11111111-1111-4111-8111-111111111111"
FABRIKAM = "22222222-2222-4222-8222-222222222222"
PATIENCE = 5.0
SHORT = timedelta(seconds=1)
"""A deadline for the tests that wait for it."""


@dataclass
class Waits:
    """Instead of waiting, the clock is moved; what would have been waited is noted."""

    clock: MovableClock
    pauses: list[timedelta] = field(default_factory=list)

    def __call__(self, event: threading.Event, pause: timedelta) -> None:
        self.pauses.append(pause)
        self.clock.now += pause


@dataclass
class Bench:
    """A broker among its real parts."""

    sandbox: Sandbox
    database: Database
    store: Store
    vault: Vault
    broker: Broker
    clock: MovableClock
    waits: Waits
    steady: MovableClock
    transport: Transport

    def add(
        self,
        behaviour: Behaviour = Behaviour.FINE,
        *,
        service_id: str = "",
        organization: str = CONTOSO,
        typed: str = "Contoso",
        endpoint: str = "",
        interactive: bool = False,
        result: Result | None = None,
        life: timedelta = timedelta(minutes=30),
    ) -> str:
        """A token that is stored and that the service knows; gives its id."""
        id, text = uuid.uuid4().hex, uuid.uuid4().hex * 2
        self.sandbox.register(
            KnownToken(text, organization, "Contoso", behaviour=behaviour, life=life)
        )
        token = ApiToken(
            id=id,
            organization=Organization(typed, service_id),
            name="ci",
            endpoint=endpoint or self.sandbox.url,
            added_at=self.clock.now,
            interactive=interactive,
            result=result or Result(),
        )
        sealed = self.vault.seal(Secret(text), token_id=id, endpoint=token.endpoint)
        self.store.add(token, sealed, self.vault.fingerprint(Secret(text)))
        if result is not None:
            self.store.record(self.store.token(id), result)
        return id

    def text(self, id: str) -> str:
        """The API token of a row."""
        endpoint = self.store.token(id).endpoint
        return self.vault.open(self.store.sealed(id), token_id=id, endpoint=endpoint).reveal()

    def edit(
        self,
        id: str,
        organization: str = FABRIKAM,
        *,
        name: str = "Fabrikam",
        service_id: str = "",
        endpoint: str = "",
        interactive: bool = False,
    ) -> ApiToken:
        """Another program gives the row a secret of an organization, unproven; nobody is told."""
        text = uuid.uuid4().hex * 2
        self.sandbox.register(KnownToken(text, organization, name, user="new@partner.example"))
        token = replace(
            self.store.token(id),
            organization=Organization(name, service_id),
            endpoint=endpoint or self.sandbox.url,
            interactive=interactive,
            result=Result(),
        )
        sealed = self.vault.seal(Secret(text), token_id=id, endpoint=token.endpoint)
        return self.store.edit(token, sealed, self.vault.fingerprint(Secret(text)))

    def behave(self, id: str, behaviour: Behaviour) -> None:
        """Changes how the service answers for a row."""
        self.sandbox.behave(self.text(id), behaviour)

    def script(self, id: str, *behaviours: Behaviour) -> None:
        """What the service answers to the next exchanges of a row."""
        self.sandbox.script(self.text(id), *behaviours)

    def fresh(
        self,
        id: str,
        min_life: timedelta | None = None,
        *,
        passcode: Secret | None = None,
        again: bool = False,
    ) -> AccessToken:
        """An access token, asked for by someone who sees the row as it is stored."""
        token = self.store.token(id)
        return self.broker.fresh(token, min_life, passcode=passcode, again=again)

    def at_hand(self, id: str, min_life: timedelta | None = None) -> AccessToken | None:
        """What is at hand for someone who sees the row as it is stored."""
        return self.broker.at_hand(self.store.token(id), min_life)

    def write_nothing(self) -> None:
        """From now on the store can be read, not written."""
        with self.database.reading() as connection:
            connection.execute("PRAGMA query_only = ON")

    @property
    def asked(self) -> int:
        """How many exchanges the service has seen."""
        return len(self.sandbox.exchanges)

    def result(self, id: str) -> Result:
        """What is recorded of a row."""
        return self.store.token(id).result


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    clock = MovableClock()
    database = Database(tmp_path / "data" / "tokens.sqlite3", tmp_path / "backups", clock)
    store = Store(database, clock)
    keychain = Keychain(MemoryBackend)
    vault = Vault(Slots(database, clock), keychain, clock)
    vault.begin_with_keyring()
    transport = Transport(clock=clock, proxies=lambda url: None)
    waits, steady = Waits(clock), MovableClock()
    with Sandbox(clock) as sandbox:
        broker = Broker(
            store,
            vault,
            Service(transport, clock),
            clock,
            wait=waits,
            chance=lambda: 0.5,
            steady=lambda: steady.now.timestamp(),
        )
        yield Bench(sandbox, database, store, vault, broker, clock, waits, steady, transport)
        broker.close()
        transport.close()
        keychain.stop_waiting()
        database.close()


def until(condition: object) -> None:
    """Waits until the condition holds; fails if it takes too long."""
    assert callable(condition)
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        threading.Event().wait(0.005)


class Asking(threading.Thread):
    """Someone who asks for a token on another thread."""

    def __init__(self, broker: Broker, token: ApiToken, **wishes: object) -> None:
        super().__init__(daemon=True)
        self._ask = (broker, token, wishes)
        self.access: AccessToken | None = None
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        broker, token, wishes = self._ask
        try:
            if wishes.pop("background", False):
                self.access = broker.refresh(token.id)
            else:
                self.access = broker.fresh(token, **wishes)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001  # whatever it is, it is looked at
            self.error = error

    def outcome(self) -> AccessToken | Exception | None:
        """What came of it."""
        self.join(PATIENCE)
        assert not self.is_alive()
        return self.access or self.error


def overdue(bench: Bench, id: str, **wishes: object) -> Asking:
    """Someone whose exchange hangs until a short deadline; the next one has the usual time."""
    bench.transport.deadline = SHORT
    asking = Asking(bench.broker, bench.store.token(id), **wishes)
    until(lambda: bench.asked == 1)
    bench.transport.deadline = DEADLINE
    return asking


# ---- cached -----------------------------------------------------------------------------------


def in_memory(text: str) -> bool:
    """Whether anything holds this secret."""
    gc.collect()
    return any(isinstance(one, Secret) and one.reveal() == text for one in gc.get_objects())


def test_an_access_token_that_has_ended_is_not_kept_in_memory(bench: Bench) -> None:
    text = bench.fresh(bench.add()).value.reveal()
    bench.clock.forward(minutes=29)
    bench.broker.refresh_ahead()
    assert in_memory(text)
    bench.clock.forward(minutes=1)
    bench.broker.refresh_ahead()
    assert not in_memory(text)


def test_the_access_token_of_a_held_row_is_not_kept_in_memory_either(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM)
    with pytest.raises(AnotherOrganization):
        bench.fresh(id)
    access = bench.broker.stranger(bench.store.token(id))
    assert access is not None
    text = access.value.reveal()
    del access
    bench.clock.forward(minutes=29)
    bench.broker.refresh_ahead()
    assert in_memory(text)
    bench.clock.forward(minutes=1)
    bench.broker.refresh_ahead()
    assert not in_memory(text)


def test_a_fresh_token_is_kept_at_hand(bench: Bench) -> None:
    id = bench.add()
    assert bench.at_hand(id) is None
    access = bench.fresh(id)
    assert bench.at_hand(id) is access
    assert bench.fresh(id) is access
    assert bench.asked == 1


def test_what_a_token_at_hand_says_of_itself_can_be_asked_for(bench: Bench) -> None:
    id = bench.add()
    assert bench.broker.statement_at_hand(bench.store.token(id)) is None
    access = bench.fresh(id)
    said = bench.broker.statement_at_hand(bench.store.token(id))
    assert said is not None
    assert said == statement_of(access.value.reveal())


def test_another_life_that_is_preferred_holds_at_once(bench: Bench) -> None:
    wanted = [timedelta(minutes=10)]
    service = Service(Transport(clock=bench.clock), bench.clock)
    bench.broker = Broker(
        bench.store, bench.vault, service, bench.clock, min_life=lambda: wanted[0]
    )
    id = bench.add()
    bench.fresh(id)
    bench.clock.forward(minutes=15)
    assert bench.at_hand(id) is not None
    wanted[0] = timedelta(minutes=16)
    assert bench.at_hand(id) is None


def test_ten_minutes_of_life_are_wanted_unless_said_otherwise(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    bench.clock.forward(minutes=20)
    assert bench.at_hand(id, DEFAULT_MIN_LIFE) is not None
    bench.clock.forward(seconds=1)
    assert bench.at_hand(id) is None
    assert bench.at_hand(id, timedelta(minutes=9)) is not None
    bench.fresh(id)
    assert bench.asked == 2


def test_of_a_short_life_two_thirds_are_wanted(bench: Bench) -> None:
    id = bench.add(life=timedelta(minutes=6))
    bench.fresh(id)
    bench.clock.forward(minutes=2)
    assert bench.at_hand(id) is not None
    bench.clock.forward(seconds=1)
    assert bench.at_hand(id) is None


def test_more_life_than_there_is_gives_a_new_one_all_the_same(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    access = bench.fresh(id, timedelta(hours=2))
    assert access.life == timedelta(minutes=30)
    assert bench.asked == 2


def test_a_token_that_is_over_is_never_at_hand(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    bench.clock.forward(minutes=30)
    assert bench.at_hand(id, timedelta(0)) is None


def test_a_clock_that_is_set_back_makes_no_token_live_longer(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    bench.clock.forward(hours=-2)
    assert bench.at_hand(id) is None


def test_a_fast_clock_that_is_put_right_makes_no_token_live_longer(bench: Bench) -> None:
    """What has two minutes left does not get its 27 back, though it was received before now."""
    id, held = bench.add(), bench.add(typed="Fabrikam", service_id=FABRIKAM)
    bench.fresh(id)
    with pytest.raises(AnotherOrganization):
        bench.fresh(held)
    bench.clock.forward(minutes=28)
    assert bench.at_hand(id, timedelta(minutes=2)) is not None
    bench.clock.forward(minutes=-25)
    assert bench.at_hand(id) is None
    assert bench.broker.stranger(bench.store.token(held)) is None
    bench.fresh(id)
    assert bench.asked == 3


def test_a_fast_clock_is_put_right_while_nobody_looks(bench: Bench) -> None:
    """A clock that cannot be set has told how long it was."""
    id = bench.add()
    bench.fresh(id)
    bench.steady.forward(minutes=28)
    bench.clock.forward(minutes=3)
    bench.fresh(id)
    assert bench.asked == 2


def test_what_is_exchanged_after_a_clock_was_set_back_stays_at_hand(bench: Bench) -> None:
    id = bench.add()
    bench.clock.forward(hours=-2)
    access = bench.fresh(id)
    assert bench.at_hand(id) is access


def test_what_was_proven_after_a_clock_was_set_back_stays_at_hand(bench: Bench) -> None:
    id, other = bench.add(), bench.add()
    access = bench.fresh(other)
    bench.clock.forward(hours=-2)
    bench.broker.put(bench.store.token(id), replace(access, received_at=bench.clock.now))
    assert bench.at_hand(id) is not None


def test_what_is_held_for_another_after_a_clock_was_set_back_can_be_taken(bench: Bench) -> None:
    held = bench.add(service_id=FABRIKAM)
    bench.clock.forward(hours=-2)
    with pytest.raises(AnotherOrganization):
        bench.fresh(held)
    assert bench.broker.stranger(bench.store.token(held)) is not None


def test_what_was_proven_before_a_clock_was_set_back_is_not_at_hand(bench: Bench) -> None:
    id, other = bench.add(), bench.add()
    access = bench.fresh(other)
    bench.clock.forward(minutes=-1)
    bench.broker.put(bench.store.token(id), access)
    assert bench.at_hand(id) is access
    bench.clock.forward(seconds=-1)
    bench.broker.put(bench.store.token(id), access)
    assert bench.at_hand(id) is None


def test_a_header_in_use_is_fetched_anew_once_a_fast_clock_was_put_right(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.clock.forward(minutes=15)
    assert bench.broker.refresh_ahead() == []
    bench.clock.forward(minutes=-12)
    assert bench.broker.refresh_ahead() == [id]


def test_a_clock_that_is_put_right_by_a_minute_takes_no_header_away(bench: Bench) -> None:
    id = bench.add()
    access = bench.fresh(id)
    bench.clock.forward(minutes=-1)
    assert bench.at_hand(id) is access
    bench.clock.forward(seconds=-1)
    assert bench.at_hand(id) is None


def test_what_a_proof_gave_is_at_hand(bench: Bench) -> None:
    id, other = bench.add(), bench.add()
    access = bench.fresh(other)
    bench.broker.put(bench.store.token(id), access)
    assert bench.fresh(id) is access


# ---- recorded ---------------------------------------------------------------------------------


def test_a_good_exchange_is_recorded_with_user_and_organization(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    token = bench.store.token(id)
    assert token.result == Result(State.READY, None, bench.clock.now)
    assert token.user == "ana@partner.example"
    assert token.organization == Organization("Contoso", CONTOSO, token.organization.key)
    assert not token.interactive


@pytest.mark.parametrize(
    ("behaviour", "state", "stage", "kind"),
    [
        (Behaviour.REFUSED_CSP, State.REFUSED, None, Refused),
        (Behaviour.PASSCODE, State.PASSCODE, None, PasscodeNeeded),
        (Behaviour.SIGN_IN_PAGE, State.UNREACHABLE, Stage.REPLY, BrokenReply),
        (Behaviour.UNAVAILABLE, State.UNREACHABLE, Stage.HTTP, Unreachable),
        (Behaviour.THROTTLED, State.UNREACHABLE, Stage.HTTP, Throttled),
    ],
    ids=str,
)
def test_a_failure_is_recorded_with_its_stage(
    bench: Bench, behaviour: Behaviour, state: State, stage: Stage | None, kind: type[ServiceError]
) -> None:
    id = bench.add(behaviour)
    with pytest.raises(kind) as caught:
        bench.fresh(id)
    result = bench.result(id)
    recorded_at = bench.clock.now.replace(microsecond=0)  # the store keeps whole seconds
    assert (result.state, result.stage, result.at) == (state, stage, recorded_at)
    assert result.request_id == caught.value.request_id


def test_a_store_that_cannot_be_written_spoils_no_exchange(bench: Bench) -> None:
    id = bench.add()
    bench.write_nothing()
    access = bench.fresh(id)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    assert bench.at_hand(id) is access
    assert bench.result(id).state is State.UNPROVEN


def test_using_a_header_is_remembered(bench: Bench) -> None:
    id = bench.add()
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    assert bench.store.token(id).last_used_at == bench.clock.now


# ---- final ------------------------------------------------------------------------------------


def test_a_refused_token_is_not_tried_again(bench: Bench) -> None:
    id = bench.add(Behaviour.REFUSED_CSP)
    for _ in range(3):
        with pytest.raises(Refused):
            bench.fresh(id)
        with pytest.raises(Refused):
            bench.broker.refresh(id)
    assert bench.asked == 1


def test_a_refusal_outlives_the_program_and_says_for_which_request(bench: Bench) -> None:
    id = bench.add(result=Result(State.REFUSED, None, None, "req-1"))
    with pytest.raises(Refused) as caught:
        bench.fresh(id)
    assert caught.value.request_id == "req-1"
    assert bench.asked == 0


def test_a_refused_token_is_tried_again_when_a_person_says_so(bench: Bench) -> None:
    id = bench.add(result=Result(State.REFUSED))
    access = bench.fresh(id, again=True)
    assert bench.fresh(id) is access
    assert bench.result(id).state is State.READY


def test_a_network_that_is_down_does_not_undo_a_refusal(bench: Bench) -> None:
    id = bench.add(Behaviour.BAD_GATEWAY, result=Result(State.REFUSED))
    with pytest.raises(Unreachable):
        bench.fresh(id, again=True)
    assert bench.result(id).state is State.REFUSED


def test_asking_again_exchanges_even_what_is_at_hand(bench: Bench) -> None:
    id = bench.add()
    first = bench.fresh(id)
    assert bench.fresh(id, again=True) is not first
    bench.behave(id, Behaviour.REFUSED_CPN)
    with pytest.raises(Refused):
        bench.fresh(id, again=True)
    assert bench.at_hand(id) is None


def test_a_refusal_takes_the_header_away_even_where_it_cannot_be_recorded(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.behave(id, Behaviour.REFUSED_CSP)
    bench.write_nothing()
    with pytest.raises(Refused):
        bench.fresh(id, again=True)
    assert bench.result(id).state is State.READY
    assert bench.at_hand(id) is None
    bench.clock.forward(minutes=19)
    assert bench.broker.refresh_ahead() == []


# ---- passcodes --------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [False, True])
def test_an_interactive_token_is_never_tried_without_a_passcode(bench: Bench, again: bool) -> None:
    id = bench.add(interactive=True)
    with pytest.raises(PasscodeNeeded):
        bench.fresh(id, again=again)
    assert bench.asked == 0


def test_a_passcode_opens_an_interactive_token(bench: Bench) -> None:
    id = bench.add(Behaviour.PASSCODE, interactive=True)
    access = bench.fresh(id, passcode=Secret("123456"))
    assert bench.fresh(id) is access
    assert bench.result(id).state is State.READY


def test_a_token_that_asks_for_a_passcode_becomes_interactive(bench: Bench) -> None:
    id = bench.add(Behaviour.PASSCODE)
    for _ in range(2):
        with pytest.raises(PasscodeNeeded):
            bench.fresh(id)
    assert bench.store.token(id).interactive
    assert bench.asked == 1


def test_a_refused_token_that_takes_a_passcode_becomes_interactive(bench: Bench) -> None:
    id = bench.add(Behaviour.PASSCODE_UNSAID)
    with pytest.raises(Refused):
        bench.fresh(id)
    bench.fresh(id, passcode=Secret("123456"))
    assert bench.store.token(id).interactive
    assert bench.result(id).state is State.READY


def test_a_wrong_passcode_leaves_a_refused_token_refused(bench: Bench) -> None:
    id = bench.add(Behaviour.PASSCODE_UNSAID, result=Result(State.REFUSED))
    with pytest.raises(PasscodeNeeded) as caught:
        bench.fresh(id, passcode=Secret("000000"))
    assert caught.value.wrong
    assert bench.result(id).state is State.REFUSED
    assert not bench.store.token(id).interactive


def test_a_wrong_passcode_refuses_no_token_that_was_not_refused_before(bench: Bench) -> None:
    id = bench.add(Behaviour.PASSCODE)
    with pytest.raises(PasscodeNeeded) as caught:
        bench.fresh(id, passcode=Secret("000000"))
    assert caught.value.wrong
    assert bench.result(id).state is State.PASSCODE


def test_a_refused_token_that_asks_for_a_passcode_now_is_not_refused_any_more(
    bench: Bench,
) -> None:
    id = bench.add(Behaviour.PASSCODE, result=Result(State.REFUSED))
    with pytest.raises(PasscodeNeeded) as caught:
        bench.fresh(id, again=True)
    assert not caught.value.wrong
    assert bench.result(id).state is State.PASSCODE
    assert bench.store.token(id).interactive


def test_a_wrong_passcode_is_tried_once(bench: Bench) -> None:
    id = bench.add(Behaviour.PASSCODE, interactive=True)
    with pytest.raises(PasscodeNeeded):
        bench.fresh(id, passcode=Secret("000000"))
    assert bench.result(id).state is State.PASSCODE
    assert bench.asked == 1


@pytest.mark.parametrize(
    "behaviour", [Behaviour.UNAVAILABLE, Behaviour.BAD_GATEWAY, Behaviour.THROTTLED]
)
def test_a_passcode_that_has_reached_the_service_is_not_sent_a_second_time(
    bench: Bench, behaviour: Behaviour
) -> None:
    id = bench.add(behaviour, interactive=True)
    with pytest.raises(ServiceError):
        bench.fresh(id, passcode=Secret("123456"))
    assert (bench.asked, bench.waits.pauses) == (1, [])


def test_a_passcode_that_never_left_this_machine_is_tried_on(bench: Bench) -> None:
    id = bench.add(interactive=True, endpoint="http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        bench.fresh(id, passcode=Secret("123456"))
    assert len(bench.waits.pauses) == 2


def test_a_token_found_to_want_a_passcode_may_be_tried_without_once_more(bench: Bench) -> None:
    id = bench.add(result=Result(State.PASSCODE))
    with pytest.raises(PasscodeNeeded):
        bench.fresh(id)
    bench.fresh(id, again=True)
    assert bench.asked == 1


# ---- another organization ---------------------------------------------------------------------


def test_a_token_of_another_organization_is_held(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM)
    for _ in range(2):
        with pytest.raises(AnotherOrganization) as caught:
            bench.fresh(id)
        assert (caught.value.named, caught.value.found) == ("Contoso", "Contoso")
    assert bench.asked == 1
    assert bench.at_hand(id) is None
    assert bench.result(id).state is State.HELD
    assert bench.store.token(id).organization.service_id == FABRIKAM


def test_a_held_token_is_explained_without_memory_too(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM, result=Result(State.HELD))
    with pytest.raises(AnotherOrganization) as caught:
        bench.fresh(id)
    assert caught.value.found == ""
    assert "another organization" in caught.value.title
    assert bench.asked == 0


def test_a_held_token_names_the_stored_organization_it_belongs_to(bench: Bench) -> None:
    right = bench.add(service_id=CONTOSO)
    wrong = bench.add(service_id=FABRIKAM)
    bench.store.edit(
        replace(bench.store.token(right), organization=Organization("Right Ltd", CONTOSO))
    )
    with pytest.raises(AnotherOrganization) as caught:
        bench.fresh(wrong, again=True)
    assert caught.value.found == "Right Ltd"


def test_an_organization_that_nobody_names_is_told_by_its_id(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM)
    text = bench.text(id)
    bench.sandbox.register(KnownToken(text, CONTOSO, "Contoso", tells_organization=False))
    with pytest.raises(AnotherOrganization) as caught:
        bench.fresh(id)
    assert caught.value.found == CONTOSO


def test_a_row_under_a_new_name_whose_organization_is_stored_under_another_is_held(
    bench: Bench,
) -> None:
    bench.add(service_id=CONTOSO)
    id = bench.add(typed="Kontoso (typed)")
    with pytest.raises(AnotherOrganization) as caught:
        bench.fresh(id)
    error = caught.value
    assert (error.named, error.found, error.found_id) == ("Kontoso (typed)", "Contoso", CONTOSO)
    assert bench.at_hand(id) is None
    stored = bench.store.token(id)
    assert (stored.result.state, stored.organization.name) == (State.HELD, "Kontoso (typed)")


def test_a_row_under_the_stored_organizations_own_name_joins_it(bench: Bench) -> None:
    other = bench.add(service_id=CONTOSO)
    id = bench.add(typed="CONTOSO")
    bench.fresh(id)
    organization = bench.store.token(id).organization
    assert organization == bench.store.token(other).organization


def test_an_organization_with_tokens_in_the_trash_only_takes_the_name_that_is_meant_now(
    bench: Bench,
) -> None:
    old = bench.add(typed="Old name", service_id=CONTOSO)
    Trash(bench.database, bench.clock).put([old])
    id = bench.add(typed="New name")
    bench.fresh(id)
    stored = bench.store.token(id).organization
    assert (stored.name, stored.service_id) == ("New name", CONTOSO)
    Trash(bench.database, bench.clock).restore([old])
    assert bench.store.token(old).organization == stored


def test_the_header_of_a_held_row_is_for_a_deliberate_word_only(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM)
    assert bench.broker.stranger(bench.store.token(id)) is None
    with pytest.raises(AnotherOrganization):
        bench.fresh(id)
    access = bench.broker.stranger(bench.store.token(id))
    assert access is not None
    assert access.organization_id == CONTOSO
    assert bench.at_hand(id) is None
    bench.clock.forward(minutes=20)
    assert bench.broker.stranger(bench.store.token(id)) is access
    bench.clock.forward(seconds=1)
    assert bench.broker.stranger(bench.store.token(id)) is None
    with pytest.raises(AnotherOrganization) as caught:
        bench.fresh(id)
    assert caught.value.found_id == CONTOSO
    assert bench.asked == 1
    bench.broker.forget(id)
    with pytest.raises(AnotherOrganization) as caught:
        bench.fresh(id)
    assert caught.value.found_id == ""


def test_a_header_of_before_is_gone_with_its_organization_even_where_nothing_can_be_recorded(
    bench: Bench,
) -> None:
    id = bench.add(service_id=CONTOSO)
    bench.fresh(id)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.sandbox.register(KnownToken(bench.text(id), FABRIKAM, "Fabrikam"))
    bench.write_nothing()
    with pytest.raises(AnotherOrganization):
        bench.fresh(id, again=True)
    assert bench.result(id).state is State.READY
    assert bench.at_hand(id) is None
    bench.clock.forward(minutes=19)
    assert bench.broker.refresh_ahead() == []


def test_an_edited_row_has_no_stranger(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM)
    with pytest.raises(AnotherOrganization):
        bench.fresh(id)
    bench.edit(id)
    assert bench.broker.stranger(bench.store.token(id)) is None


# ---- retries ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour.UNAVAILABLE, Behaviour.BAD_GATEWAY, Behaviour.SLOW_REQUEST, Behaviour.HANG_UP],
    ids=str,
)
def test_trouble_that_passes_is_tried_twice_more(bench: Bench, behaviour: Behaviour) -> None:
    id = bench.add()
    bench.script(id, behaviour, behaviour)
    bench.fresh(id)
    assert bench.asked == 3
    assert bench.waits.pauses == [timedelta(seconds=0.5), timedelta(seconds=1)]


def test_trouble_that_stays_is_told_after_the_second_retry(bench: Bench) -> None:
    id = bench.add(Behaviour.UNAVAILABLE)
    with pytest.raises(Unreachable):
        bench.fresh(id)
    assert bench.asked == 3


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour.REFUSED_CSP, Behaviour.SIGN_IN_PAGE, Behaviour.REDIRECT, Behaviour.HANG],
    ids=str,
)
def test_trouble_that_does_not_pass_is_not_tried_again(bench: Bench, behaviour: Behaviour) -> None:
    id = bench.add(behaviour)
    if behaviour is Behaviour.HANG:
        bench.transport.deadline = SHORT
    with pytest.raises(ServiceError):
        bench.fresh(id)
    assert bench.asked == 1


def test_a_short_retry_after_is_waited_for(bench: Bench) -> None:
    id = bench.add()
    bench.sandbox.switch(retry_after="30")
    bench.script(id, Behaviour.THROTTLED)
    bench.fresh(id)
    assert bench.waits.pauses == [timedelta(seconds=30.25)]


def test_the_terminal_gives_the_window_time_for_the_longest_exchange(bench: Bench) -> None:
    id = bench.add(Behaviour.THROTTLED)
    bench.sandbox.switch(retry_after="30")
    with pytest.raises(Throttled):
        bench.fresh(id)
    waited = sum(bench.waits.pauses, timedelta(0))
    answered = bench.asked * DEADLINE
    assert (len(bench.waits.pauses), bench.asked) == (2, 3)
    assert waited + answered < timedelta(seconds=borrowing.PATIENCE)


def test_a_long_retry_after_is_told_at_once(bench: Bench) -> None:
    id = bench.add(Behaviour.THROTTLED)
    bench.sandbox.switch(retry_after="31")
    with pytest.raises(Throttled) as caught:
        bench.fresh(id)
    assert caught.value.again_at == bench.clock.now + timedelta(seconds=31)
    assert bench.asked == 1


def test_being_throttled_without_a_time_is_waited_out_longer(bench: Bench) -> None:
    id = bench.add()
    bench.sandbox.switch(retry_after="")
    bench.script(id, Behaviour.THROTTLED)
    bench.fresh(id)
    assert bench.waits.pauses == [timedelta(seconds=2)]


def test_an_endpoint_that_is_not_there_is_tried_three_times(bench: Bench) -> None:
    id = bench.add(endpoint="http://127.0.0.1:9")
    with pytest.raises(Unreachable) as caught:
        bench.fresh(id)
    assert caught.value.stage is Stage.TCP
    assert len(bench.waits.pauses) == 2


# ---- single flight ----------------------------------------------------------------------------


def test_many_who_ask_at_once_share_one_exchange(bench: Bench) -> None:
    id = bench.add()
    bench.sandbox.switch(delay_seconds=0.2)
    start = threading.Barrier(12)
    found: list[AccessToken] = []

    def ask() -> None:
        start.wait(PATIENCE)
        found.append(bench.fresh(id))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(found) == 12
    assert all(access is found[0] for access in found)
    assert bench.asked == 1


def test_tokens_do_not_wait_for_each_other(bench: Bench) -> None:
    slow, quick = bench.add(Behaviour.HANG), bench.add()
    waiting = Asking(bench.broker, bench.store.token(slow))
    until(lambda: bench.asked == 1)
    bench.fresh(quick)
    assert waiting.is_alive()
    bench.sandbox.stop()  # which hangs up
    assert isinstance(waiting.outcome(), Unreachable)


def test_a_failure_is_told_to_all_who_wait(bench: Bench) -> None:
    id = bench.add(Behaviour.HANG)
    bench.transport.deadline = SHORT
    asking = [Asking(bench.broker, bench.store.token(id)) for _ in range(3)]
    outcomes = [one.outcome() for one in asking]
    assert {type(outcome) for outcome in outcomes} == {Unreachable}
    assert bench.asked == 1


def test_someone_at_the_window_does_not_settle_for_a_try_of_the_background(bench: Bench) -> None:
    id = bench.add()
    bench.script(id, Behaviour.HANG)
    background = overdue(bench, id, background=True)
    person = Asking(bench.broker, bench.store.token(id))
    assert isinstance(background.outcome(), Unreachable)
    assert isinstance(person.outcome(), AccessToken)
    assert bench.asked == 2


def test_a_passcode_is_not_lost_to_an_exchange_without_one(bench: Bench) -> None:
    id = bench.add(Behaviour.PASSCODE)
    bench.script(id, Behaviour.HANG)
    first = overdue(bench, id)
    second = Asking(bench.broker, bench.store.token(id), passcode=Secret("123456"))
    assert isinstance(first.outcome(), Unreachable)
    assert isinstance(second.outcome(), AccessToken)


# ---- forgetting -------------------------------------------------------------------------------


def test_an_edited_token_is_exchanged_anew(bench: Bench) -> None:
    id = bench.add()
    first = bench.fresh(id)
    bench.broker.forget(id)
    assert bench.at_hand(id) is None
    assert bench.fresh(id) is not first


def test_a_token_edited_during_its_exchange_gives_the_new_ones_header(bench: Bench) -> None:
    id = bench.add()
    bench.script(id, Behaviour.HANG)
    asking = overdue(bench, id)
    new = "n" * 64
    bench.sandbox.register(KnownToken(new, CONTOSO, "Contoso", user="new@partner.example"))
    token = bench.store.token(id)
    bench.store.edit(
        token,
        bench.vault.seal(Secret(new), token_id=id, endpoint=token.endpoint),
        bench.vault.fingerprint(Secret(new)),
    )
    bench.broker.forget(id)
    outcome = asking.outcome()
    assert isinstance(outcome, AccessToken)
    assert outcome.user == "new@partner.example"
    assert bench.result(id).state is State.READY


def test_a_removed_token_is_gone(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    token = bench.store.token(id)
    Trash(bench.database, bench.clock).put([id])
    with pytest.raises(NoSuchToken):
        bench.broker.fresh(token)
    bench.broker.forget(id)
    assert bench.broker.at_hand(token) is None


def test_locking_discards_what_is_under_way(bench: Bench) -> None:
    id, kept = bench.add(Behaviour.HANG), bench.add()
    bench.fresh(kept)
    token = bench.store.token(id)
    leading, following = Asking(bench.broker, token), Asking(bench.broker, token)
    until(lambda: bench.asked == 2)
    bench.vault.close()  # for one who comes only now
    bench.broker.forget_all()
    bench.sandbox.stop()  # which hangs up
    assert isinstance(following.outcome(), Locked)
    assert isinstance(leading.outcome(), Locked)
    assert bench.at_hand(kept) is None
    assert bench.result(id).state is State.UNPROVEN


def test_who_unlocks_again_does_not_join_what_locking_has_called_off(bench: Bench) -> None:
    id = bench.add()
    bench.script(id, Behaviour.HANG)
    before = Asking(bench.broker, bench.store.token(id))
    until(lambda: bench.asked == 1)
    bench.broker.forget_all()
    access = bench.fresh(id)
    assert before.is_alive()
    bench.sandbox.stop()  # which hangs up
    assert isinstance(before.outcome(), Locked)
    assert bench.at_hand(id) is access


class _LockedWhileItFlies(Service):
    broker: Broker

    def exchange(self, credential: Credential, passcode: Secret | None = None) -> AccessToken:
        access = super().exchange(credential, passcode)
        self.broker.forget_all()
        return access


def test_an_answer_that_comes_after_locking_is_not_kept(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM)
    transport = Transport(clock=bench.clock, proxies=lambda url: None)
    service = _LockedWhileItFlies(transport, bench.clock)
    broker = service.broker = Broker(bench.store, bench.vault, service, bench.clock)
    with pytest.raises(Locked):
        broker.fresh(bench.store.token(id))
    assert broker.at_hand(bench.store.token(id)) is None
    assert bench.result(id).state is State.UNPROVEN
    transport.close()


class _LockedWhileItNames(Service):
    broker: Broker

    def organization_name(self, credential: Credential, access: AccessToken) -> str:
        self.broker.forget_all()
        return super().organization_name(credential, access)


def test_a_strangers_header_that_is_named_after_locking_is_not_kept(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM)
    transport = Transport(clock=bench.clock, proxies=lambda url: None)
    service = _LockedWhileItNames(transport, bench.clock)
    broker = service.broker = Broker(bench.store, bench.vault, service, bench.clock)
    with pytest.raises(Locked):
        broker.fresh(bench.store.token(id))
    assert broker.stranger(bench.store.token(id)) is None
    transport.close()


def test_a_proof_that_is_stored_while_it_is_locked_leaves_no_header(bench: Bench) -> None:
    id, other = bench.add(), bench.add()
    access, token = bench.fresh(id), bench.store.token(other)
    bench.vault.close()
    bench.broker.forget_all()
    bench.broker.put(token, access)
    assert bench.broker.at_hand(token) is None


def test_locking_ends_a_pause_between_two_tries(bench: Bench) -> None:
    id = bench.add(Behaviour.THROTTLED)
    bench.sandbox.switch(retry_after="20")
    pausing = threading.Event()

    def wait(event: threading.Event, _pause: timedelta) -> None:
        pausing.set()
        assert event.wait(PATIENCE)

    broker = Broker(
        bench.store, bench.vault, Service(bench.transport, bench.clock), bench.clock, wait=wait
    )
    asking = Asking(broker, bench.store.token(id))
    assert pausing.wait(PATIENCE)
    broker.forget_all()
    assert isinstance(asking.outcome(), Locked)
    assert bench.asked == 1


def test_locking_calls_back_a_secret_that_waits_to_be_sent(bench: Bench) -> None:
    id = bench.add(endpoint="https://navigator.example")
    asked, answered = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)

        def proxies(_url: str) -> str:
            asked.set()
            assert answered.wait(PATIENCE)
            return f"http://127.0.0.1:{proxy.getsockname()[1]}"

        with closing(Transport(clock=bench.clock, proxies=proxies)) as transport:
            broker = Broker(bench.store, bench.vault, Service(transport, bench.clock), bench.clock)
            asking = Asking(broker, bench.store.token(id))
            assert asked.wait(PATIENCE)
            broker.forget_all()
            answered.set()
            assert isinstance(asking.outcome(), Locked)
            with pytest.raises(BlockingIOError):  # nobody has called
                proxy.accept()


def test_a_closed_broker_gives_nothing(bench: Bench) -> None:
    id, other = bench.add(), bench.add()
    access = bench.fresh(id)
    bench.broker.close()
    bench.broker.put(bench.store.token(other), access)
    assert bench.at_hand(id) is None
    assert bench.at_hand(other) is None
    with pytest.raises(Locked):
        bench.fresh(id)


def test_a_closed_vault_opens_nothing(bench: Bench) -> None:
    id = bench.add()
    bench.vault.close()
    with pytest.raises(Locked):
        bench.fresh(id)
    assert bench.asked == 0


# ---- edited meanwhile -------------------------------------------------------------------------


class _Interrupted(Service):
    """Something happens between the service's first answer and its arrival here."""

    act: Callable[[], object]

    def exchange(self, credential: Credential, passcode: Secret | None = None) -> AccessToken:
        try:
            return super().exchange(credential, passcode)
        finally:
            act, self.act = self.act, lambda: None
            act()


@pytest.fixture
def interrupted(bench: Bench) -> Iterator[_Interrupted]:
    """The way to the service of the bench's broker."""
    with closing(Transport(clock=bench.clock, proxies=lambda url: None)) as transport:
        service = _Interrupted(transport, bench.clock)
        service.act = lambda: None
        bench.broker = Broker(bench.store, bench.vault, service, bench.clock, wait=bench.waits)
        yield service
        bench.broker.close()


def test_the_header_of_a_replaced_secret_is_not_at_hand(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    edited = bench.edit(id)
    assert bench.broker.at_hand(edited) is None
    assert bench.broker.fresh(edited).organization_id == FABRIKAM
    assert bench.store.token(id).organization.service_id == FABRIKAM


@pytest.mark.parametrize("name", ["Fabrikam", "Contoso"])
def test_who_saw_the_row_before_another_organization_took_it_gets_nothing(
    bench: Bench, name: str
) -> None:
    id = bench.add()
    bench.fresh(id)
    seen = bench.store.token(id)
    bench.edit(id, name=name, service_id=FABRIKAM)
    with pytest.raises(EditedMeanwhile):
        bench.broker.fresh(seen)
    assert bench.asked == 1


def test_a_row_moved_to_another_organization_does_not_take_its_header_along(bench: Bench) -> None:
    id = bench.add(service_id=CONTOSO)
    bench.edit(bench.add(), service_id=FABRIKAM)
    bench.fresh(id)
    moved = replace(bench.store.token(id), organization=Organization("Fabrikam"))
    moved = bench.store.edit(moved)
    assert moved.organization.service_id == FABRIKAM
    assert bench.broker.at_hand(moved) is None
    with pytest.raises(AnotherOrganization):
        bench.broker.fresh(moved)
    assert bench.result(id).state is State.HELD


def test_what_another_program_found_refused_is_not_handed_out(bench: Bench) -> None:
    id = bench.add()
    bench.fresh(id)
    bench.store.record(bench.store.token(id), Result(State.REFUSED))
    assert bench.at_hand(id) is None
    with pytest.raises(Refused):
        bench.fresh(id)


def test_a_header_remembers_who_gave_it_and_is_not_for_another_endpoint(bench: Bench) -> None:
    id = bench.add()
    assert bench.fresh(id).endpoint == bench.sandbox.url
    with bench.database.writing() as connection:
        connection.execute("UPDATE tokens SET endpoint = 'https://elsewhere.example'")
    assert bench.at_hand(id) is None


def test_an_old_answer_does_not_take_the_place_of_a_proven_one(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id, other = bench.add(), bench.add()
    proven = bench.fresh(other)

    def edit() -> None:
        bench.broker.put(bench.edit(id, CONTOSO, name="Contoso"), proven)

    interrupted.act = edit
    assert bench.fresh(id) is proven
    assert bench.at_hand(id) is proven
    assert bench.result(id).state is State.UNPROVEN


def test_an_answer_for_a_row_that_was_edited_elsewhere_is_dropped(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id = bench.add()
    interrupted.act = lambda: bench.edit(id)
    with pytest.raises(EditedMeanwhile):
        bench.fresh(id)
    edited = bench.store.token(id)
    assert edited.result == Result()
    assert edited.organization.service_id == ""
    assert bench.broker.at_hand(edited) is None
    assert bench.broker.fresh(edited).organization_id == FABRIKAM


def test_an_old_answer_is_dropped_even_where_nothing_can_be_recorded(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id = bench.add()

    def edit() -> None:
        bench.edit(id)
        bench.write_nothing()

    interrupted.act = edit
    with pytest.raises(EditedMeanwhile):
        bench.fresh(id)


def test_a_proof_answers_those_who_wait_for_the_old_secret(bench: Bench) -> None:
    id, other = bench.add(Behaviour.HANG), bench.add()
    proven = bench.fresh(other)
    leading = Asking(bench.broker, bench.store.token(id))
    until(lambda: bench.asked == 2)
    following = Asking(bench.broker, bench.store.token(id))
    bench.broker.put(bench.edit(id, CONTOSO, name="Contoso"), proven)
    assert following.outcome() is proven
    assert leading.is_alive()
    bench.sandbox.stop()  # which hangs up
    assert leading.outcome() is proven


class _ClosedWhileItRecords(Store):
    broker: Broker

    def record(self, token: ApiToken, *args: Any, **more: Any) -> ApiToken:
        recorded = super().record(token, *args, **more)
        self.broker.close()
        return recorded


def test_nothing_is_kept_when_the_end_comes_at_the_last_moment(bench: Bench) -> None:
    id = bench.add()
    store = _ClosedWhileItRecords(bench.database, bench.clock)
    with closing(Transport(clock=bench.clock, proxies=lambda url: None)) as transport:
        service = Service(transport, bench.clock)
        broker = store.broker = Broker(store, bench.vault, service, bench.clock)
        with pytest.raises(Locked):
            broker.fresh(bench.store.token(id))
    assert broker.at_hand(bench.store.token(id)) is None


def test_who_waits_gets_the_header_of_the_new_secret(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id = bench.add()
    interrupted.act = lambda: bench.edit(id, CONTOSO, name="Contoso")
    assert bench.fresh(id).user == "new@partner.example"
    assert bench.store.token(id).user == "new@partner.example"


def test_the_background_drops_an_old_answer_too(bench: Bench, interrupted: _Interrupted) -> None:
    id = bench.add()
    interrupted.act = lambda: bench.edit(id)
    assert bench.broker.refresh(id).organization_id == FABRIKAM
    assert bench.store.token(id).organization.service_id == FABRIKAM


def test_an_old_refusal_is_not_recorded_for_the_new_secret(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id = bench.add(Behaviour.REFUSED_CSP)
    interrupted.act = lambda: bench.edit(id)
    with pytest.raises(EditedMeanwhile):
        bench.fresh(id)
    assert bench.result(id) == Result()


def test_who_asked_before_the_row_was_moved_during_its_exchange_gets_nothing(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id = bench.add()
    bench.add(typed="Contoso")  # else the row would rename its organization
    seen = bench.store.token(id)
    interrupted.act = lambda: bench.store.edit(
        replace(bench.store.token(id), organization=Organization("Fabrikam"))
    )
    with pytest.raises(EditedMeanwhile):
        bench.broker.fresh(seen)
    assert bench.fresh(id) is bench.at_hand(id)
    assert bench.asked == 1


def test_a_row_that_finds_its_organization_by_the_exchange_gets_its_header(bench: Bench) -> None:
    bench.add(service_id=FABRIKAM, typed="CONTOSO")
    bench.add(service_id=CONTOSO, typed="Contoso")
    id = bench.add(typed="contoso")
    access = bench.fresh(id)
    assert bench.at_hand(id) is access
    assert bench.store.token(id).organization.service_id == CONTOSO


def test_a_header_exchanged_while_the_clock_was_set_back_is_not_kept(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id = bench.add()
    interrupted.act = lambda: bench.clock.forward(minutes=-25)
    bench.fresh(id)
    assert bench.at_hand(id) is None
    held = bench.add(service_id=FABRIKAM)
    interrupted.act = lambda: bench.clock.forward(minutes=-25)
    with pytest.raises(AnotherOrganization):
        bench.fresh(held)
    assert bench.broker.stranger(bench.store.token(held)) is None


def test_an_answer_for_a_row_moved_meanwhile_is_held_to_its_new_organization(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id, other = bench.add(service_id=CONTOSO), bench.add()
    fabrikam = bench.edit(other, service_id=FABRIKAM).organization
    interrupted.act = lambda: bench.store.edit(
        replace(bench.store.token(id), organization=fabrikam)
    )
    with pytest.raises(AnotherOrganization) as caught:
        bench.fresh(id)
    assert (caught.value.named, caught.value.found) == ("Fabrikam", "Contoso")
    assert bench.result(id).state is State.HELD
    assert bench.at_hand(id) is None


def test_a_row_that_wants_a_passcode_since_its_edit_is_not_tried_without(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id = bench.add()
    interrupted.act = lambda: bench.edit(id, CONTOSO, name="Contoso", interactive=True)
    with pytest.raises(PasscodeNeeded):
        bench.fresh(id)
    assert bench.asked == 1


def test_a_row_removed_during_its_exchange_gives_nothing(
    bench: Bench, interrupted: _Interrupted
) -> None:
    id = bench.add()
    token = bench.store.token(id)
    interrupted.act = lambda: Trash(bench.database, bench.clock).put([id])
    with pytest.raises(NoSuchToken):
        bench.broker.fresh(token)
    assert bench.broker.at_hand(token) is None


def test_nobody_joins_the_exchange_of_an_old_secret(bench: Bench) -> None:
    id = bench.add(Behaviour.HANG)
    before = Asking(bench.broker, bench.store.token(id))
    until(lambda: bench.asked == 1)
    waiting = Asking(bench.broker, bench.store.token(id))
    access = bench.broker.fresh(bench.edit(id, CONTOSO, name="Contoso"))
    assert access.user == "new@partner.example"
    assert waiting.outcome() is access
    assert before.is_alive()
    bench.sandbox.stop()  # which hangs up
    assert before.outcome() is access


class _EditedFirst(Store):
    """Another program edits a row between two readings."""

    act: Callable[[], object]

    def sealed(self, id: str) -> Sealed:
        act, self.act = self.act, lambda: None
        act()
        return super().sealed(id)


def test_a_secret_stored_a_moment_ago_is_not_taken_for_the_old_one(bench: Bench) -> None:
    id = bench.add()
    store = _EditedFirst(bench.database, bench.clock)
    store.act = lambda: bench.edit(id)
    with closing(Transport(clock=bench.clock, proxies=lambda url: None)) as transport:
        service = Service(transport, bench.clock)
        broker = Broker(store, bench.vault, service, bench.clock)
        with pytest.raises(EditedMeanwhile):
            broker.fresh(bench.store.token(id))
    assert bench.asked == 0


@pytest.mark.parametrize("how", ["forget", "forget_all", "close"])
def test_no_exchange_lands_between_forgetting_and_calling_it_off(
    bench: Bench, interrupted: _Interrupted, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    id = bench.add()
    guarded: list[bool] = []
    discard = Flight.discard

    def watched(flight: Flight, why: Discarded) -> None:
        guarded.append(bench.broker._lock.locked())
        discard(flight, why)

    monkeypatch.setattr(Flight, "discard", watched)
    broker = bench.broker
    verbs = {"forget": lambda: broker.forget(id), "forget_all": broker.forget_all}
    interrupted.act = verbs.get(how, broker.close)
    Asking(broker, bench.store.token(id)).outcome()
    assert guarded == [True]
    assert how == "forget" or bench.at_hand(id) is None


# ---- ahead of time ----------------------------------------------------------------------------


def test_only_tokens_in_use_are_refreshed_ahead_of_time(bench: Bench) -> None:
    used, unused = bench.add(), bench.add()
    for id in (used, unused):
        bench.fresh(id)
    bench.broker.mark_used(used, Event.COPIED, Format.HEADER)
    assert bench.broker.refresh_ahead() == []
    bench.clock.forward(minutes=18)
    assert bench.broker.refresh_ahead() == []
    bench.clock.forward(seconds=1)
    assert bench.broker.refresh_ahead() == [used]
    bench.broker.refresh(used)
    assert bench.broker.refresh_ahead() == []


def test_a_header_of_a_short_life_is_refreshed_a_tenth_of_it_ahead(bench: Bench) -> None:
    id = bench.add(life=timedelta(minutes=10))
    bench.fresh(id)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.clock.forward(minutes=2, seconds=20)
    assert bench.broker.refresh_ahead() == []
    bench.clock.forward(seconds=1)
    assert bench.broker.refresh_ahead() == [id]


def test_a_token_is_in_use_for_half_an_hour_after_its_last_copy(bench: Bench) -> None:
    id = bench.add()
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.clock.forward(minutes=30)
    assert bench.broker.refresh_ahead() == [id]
    bench.clock.forward(seconds=1)
    assert bench.broker.refresh_ahead() == []


def test_a_header_that_is_kept_hangs_on_time_until_it_has_ended(bench: Bench) -> None:
    id = bench.add()
    assert not bench.broker.hangs_on_time
    bench.fresh(id)
    assert bench.broker.hangs_on_time
    bench.clock.forward(minutes=30)
    bench.broker.refresh_ahead()
    assert not bench.broker.hangs_on_time


def test_a_token_in_use_hangs_on_time_for_half_an_hour(bench: Bench) -> None:
    bench.broker.mark_used(bench.add(), Event.COPIED, Format.HEADER)
    bench.clock.forward(minutes=30)
    assert bench.broker.hangs_on_time
    bench.clock.forward(seconds=1)
    assert not bench.broker.hangs_on_time


def test_a_strangers_header_hangs_on_time_as_well(bench: Bench) -> None:
    id = bench.add(service_id=FABRIKAM)
    with pytest.raises(AnotherOrganization):
        bench.fresh(id)
    assert bench.broker.hangs_on_time
    bench.broker.forget_all()
    assert not bench.broker.hangs_on_time


@pytest.mark.parametrize("state", [State.REFUSED, State.PASSCODE, State.HELD])
def test_a_token_that_waits_for_a_person_is_not_refreshed(bench: Bench, state: State) -> None:
    id, interactive = bench.add(result=Result(state)), bench.add(interactive=True)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.broker.mark_used(interactive, Event.COPIED, Format.HEADER)
    assert bench.broker.refresh_ahead() == []


def test_the_background_leaves_a_paused_organization_alone_and_a_person_does_not(
    bench: Bench,
) -> None:
    id = bench.add()
    seen = bench.store.token(id).organization
    until = bench.clock() + timedelta(days=2)
    Organizations(bench.database, bench.clock).edit(seen, replace(seen, paused_until=until))
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    assert bench.broker.refresh_ahead() == []
    with pytest.raises(OrganizationPaused):
        bench.broker.refresh(id)
    assert bench.asked == 0
    bench.broker.fresh(bench.store.token(id))
    assert bench.asked == 1
    bench.clock.forward(days=2)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    assert bench.broker.refresh_ahead() == [id]
    bench.broker.refresh(id)


def test_nothing_is_refreshed_while_the_vault_is_closed(bench: Bench) -> None:
    id = bench.add()
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    assert bench.broker.refresh_ahead() == [id]
    bench.vault.close()
    assert bench.broker.refresh_ahead() == []


def test_the_background_tries_once_and_rests_longer_each_time(bench: Bench) -> None:
    id = bench.add(Behaviour.UNAVAILABLE)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    rests = []
    for _ in range(6):
        with pytest.raises(Unreachable):
            bench.broker.refresh(id)
        rested = timedelta(0)
        while bench.broker.refresh_ahead() == []:
            bench.clock.forward(minutes=1)
            bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
            rested += timedelta(minutes=1)
        rests.append(rested / timedelta(minutes=1))
    assert rests == [1, 2, 4, 8, 15, 15]
    assert bench.asked == 6
    assert bench.waits.pauses == []


def test_the_background_rests_as_long_as_the_service_says(bench: Bench) -> None:
    id = bench.add(Behaviour.THROTTLED)
    bench.sandbox.switch(retry_after="600")
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    with pytest.raises(Throttled):
        bench.broker.refresh(id)
    bench.clock.forward(seconds=599)
    assert bench.broker.refresh_ahead() == []
    bench.clock.forward(seconds=1)
    assert bench.broker.refresh_ahead() == [id]


def test_after_a_success_the_background_rests_for_a_minute_again(bench: Bench) -> None:
    id = bench.add()
    bench.script(id, Behaviour.UNAVAILABLE, Behaviour.UNAVAILABLE)
    for _ in range(2):
        with pytest.raises(Unreachable):
            bench.broker.refresh(id)
    bench.broker.refresh(id)
    bench.clock.forward(minutes=19)
    bench.script(id, Behaviour.UNAVAILABLE)
    with pytest.raises(Unreachable):
        bench.broker.refresh(id)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    assert bench.broker.refresh_ahead() == []
    bench.clock.forward(minutes=1)
    assert bench.broker.refresh_ahead() == [id]


def test_a_success_ends_a_rest_that_the_service_has_asked_for(bench: Bench) -> None:
    id = bench.add()
    bench.sandbox.switch(retry_after="3600")
    bench.script(id, Behaviour.THROTTLED)
    with pytest.raises(Throttled):
        bench.broker.refresh(id)
    bench.fresh(id)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.clock.forward(minutes=19)
    assert bench.broker.refresh_ahead() == [id]


def test_a_clock_that_is_set_back_keeps_no_token_in_use_for_longer(bench: Bench) -> None:
    id = bench.add()
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.clock.forward(days=-3650)
    assert bench.broker.refresh_ahead() == [id]
    bench.clock.forward(minutes=31)
    assert bench.broker.refresh_ahead() == []


def test_a_clock_that_is_set_back_makes_no_rest_longer(bench: Bench) -> None:
    id = bench.add(Behaviour.UNAVAILABLE)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    with pytest.raises(Unreachable):
        bench.broker.refresh(id)
    assert bench.broker.refresh_ahead() == []
    bench.clock.forward(days=-1)
    assert bench.broker.refresh_ahead() == [id]


def test_a_clock_that_is_put_right_by_a_minute_ends_no_rest(bench: Bench) -> None:
    id = bench.add(Behaviour.UNAVAILABLE)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    with pytest.raises(Unreachable):
        bench.broker.refresh(id)
    bench.clock.forward(minutes=-1)
    assert bench.broker.refresh_ahead() == []
    bench.clock.forward(minutes=-1, seconds=-1)
    assert bench.broker.refresh_ahead() == [id]


def test_time_is_followed_while_a_token_is_in_use_or_a_header_is_kept(bench: Bench) -> None:
    id, held = bench.add(), bench.add(typed="Fabrikam", service_id=FABRIKAM)
    assert not bench.broker.hangs_on_time
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    bench.clock.forward(minutes=30)
    assert bench.broker.hangs_on_time
    bench.clock.forward(seconds=1)
    assert not bench.broker.hangs_on_time
    bench.fresh(id)
    assert bench.broker.hangs_on_time
    bench.broker.forget(id)
    assert not bench.broker.hangs_on_time
    with pytest.raises(AnotherOrganization):
        bench.fresh(held)
    assert bench.broker.hangs_on_time
    bench.clock.forward(minutes=30)
    bench.broker.refresh_ahead()
    assert not bench.broker.hangs_on_time


def test_a_token_under_way_is_not_refreshed_twice(bench: Bench) -> None:
    id = bench.add(Behaviour.HANG)
    bench.broker.mark_used(id, Event.COPIED, Format.HEADER)
    asking = Asking(bench.broker, bench.store.token(id))
    until(lambda: bench.asked == 1)
    assert bench.broker.refresh_ahead() == []
    bench.sandbox.stop()  # which hangs up
    asking.outcome()
