"""User and password of a proxy: sealed, bound to its address, and sent to it alone."""

import base64
from pathlib import Path

import pytest

from connect_proxy import ConnectProxy
from core.keyroom import Keyroom, Program
from partner_tokens.core.errors.keys import KeyReplaced, Locked, SecretUnreadable
from partner_tokens.core.errors.service import Unreachable
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.profile import profile_under
from partner_tokens.core.proxy_login import Login, ProxyLogins, clean_login
from partner_tokens.core.secret import Secret
from partner_tokens.core.transport import Transport
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend

ADDRESS = "http://proxy.example:3128"
PASSWORD = "marker-proxy-password-0123"
LOGIN = Login("ana", Secret(PASSWORD))


@pytest.fixture
def room(tmp_path: Path) -> Keyroom:
    return Keyroom(tmp_path)


@pytest.fixture
def one(room: Keyroom) -> Program:
    return room.begun()


def logins(program: Program) -> ProxyLogins:
    return ProxyLogins(program.database, lambda: program.vault)


def test_a_login_is_kept_sealed_and_is_in_no_file(room: Keyroom, one: Program) -> None:
    assert logins(one).of(ADDRESS) is None
    logins(one).keep(ADDRESS, LOGIN)
    assert logins(one).of(ADDRESS) == LOGIN
    one.database.replace_backups("test")
    one.end()
    assert room.files_with(PASSWORD.encode()) == []
    assert room.files_with(b"ana") == []
    assert PASSWORD not in repr(LOGIN)


def test_a_login_opens_for_its_address_only(one: Program) -> None:
    logins(one).keep(ADDRESS, LOGIN)
    with pytest.raises(SecretUnreadable):
        logins(one).of("http://evil.example:3128")
    with one.database.writing() as connection:
        connection.execute("UPDATE logins SET endpoint = 'http://evil.example:3128'")
    with pytest.raises(SecretUnreadable):
        logins(one).of("http://evil.example:3128")


def test_a_locked_store_tells_no_login_but_can_forget_it(one: Program) -> None:
    logins(one).keep(ADDRESS, LOGIN)
    one.vault.close()
    with pytest.raises(Locked):
        logins(one).of(ADDRESS)
    logins(one).forget()
    one.vault.unlock()
    assert logins(one).of(ADDRESS) is None


def test_a_new_login_takes_the_place_of_the_one_before(one: Program) -> None:
    logins(one).keep(ADDRESS, LOGIN)
    other = Login("ben", Secret("x"))
    logins(one).keep("https://other.example:443", other)
    assert logins(one).of("https://other.example:443") == other


def test_a_renewed_key_seals_the_login_anew(room: Keyroom, one: Program) -> None:
    logins(one).keep(ADDRESS, LOGIN)
    one.locksmith.rotate(None)
    again = room.program()
    again.vault.unlock()
    assert logins(again).of(ADDRESS) == LOGIN
    assert len(again.slots.slots()) == 1


def test_a_login_is_not_sealed_with_a_key_that_was_replaced(room: Keyroom, one: Program) -> None:
    other = room.program()
    other.vault.unlock()
    other.locksmith.rotate(None)
    with pytest.raises(KeyReplaced):
        logins(one).keep(ADDRESS, LOGIN)


@pytest.mark.parametrize(
    ("user", "password"),
    [("", "x"), ("ana", ""), ("a:b", "x"), ("änne", "x"), ("ana", "ü"), ("a\nb", "x"),
     ("ana", "x\r\n"), ("a" * 201, "x"), ("ana", "x" * 201)],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused(user: str, password: str) -> None:
    with pytest.raises(InputError) as caught:
        clean_login(user, Secret(password))
    assert caught.value.problem is Problem.PROXY_LOGIN_INVALID


@pytest.mark.parametrize("password", ["p@ss:w/rd?#%20", "a b&c=d", "[::1]"])
def test_the_proxy_gets_the_login_and_a_locked_store_sends_none(
    tmp_path: Path, password: str
) -> None:
    backend = MemoryBackend()
    parts = Parts(profile_under(tmp_path), open_backend=lambda: backend)
    parts.vault.begin_with_keyring()
    answer = b"HTTP/1.1 502 Bad Gateway\r\n\r\n"
    with ConnectProxy(answer=answer) as proxy, ConnectProxy(answer=answer) as other:
        parts.proxy_logins.keep(proxy.url, clean_login("ana", Secret(password)))
        parts.change_preferences(proxy="manual", proxy_address=proxy.url)
        for ask in (
            lambda: parts.diagnosis.climb("https://service.invalid"),
            lambda: failure_of(parts.transport),
        ):
            before = len(proxy.requests)
            told = ask()
            assert password not in f"{told!r} {told}"
            assert has_login(proxy.requests[before], f"ana:{password}")
        parts.change_preferences(proxy_address=other.url)
        parts.diagnosis.climb("https://service.invalid")
        assert "Authorization" not in "".join(other.requests)
        parts.change_preferences(proxy_address=proxy.url)
        parts.vault.close()
        parts.diagnosis.climb("https://service.invalid")
        assert "Authorization" not in proxy.requests[-1]
    parts.close()
    for file in tmp_path.rglob("*"):
        assert not (file.is_file() and password.encode() in file.read_bytes())


def failure_of(transport: Transport) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        transport.send("HEAD", "https://service.invalid/")
    return caught.value


def has_login(head: str, login: str) -> bool:
    return f"Basic {base64.b64encode(login.encode()).decode()}" in head
