"""One running program for each profile: a lock says who is it, a local socket says how to ask it.

Plain sockets, no Qt: a second start asks the first one and ends before it has loaded a window.
"""

import json
import os
import socket
import stat
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from partner_tokens.core.errors import NotAnswering
from partner_tokens.core.places import claim_file, refuse_shared

Message = Mapping[str, Any]
Answer = Callable[[Message], Message]
"""What the running program replies to a message; called on a thread of its own."""

LONGEST = 64 * 1024
"""Bytes of a message, either way; an access token with many roles takes a few thousand."""

PATIENCE = 5.0
"""Seconds for the first program to begin listening, and for a whole message to arrive."""

HEARD_WITHIN = 2.0
"""Seconds after which a program that has not even heard is taken to hang."""

HEARD = b"."

NOT_DONE: Message = {"done": False}
"""What a program replies that is ending, or that does not know what is wanted."""

CLAIMS = 5
"""So many times the lock is tried for: whoever asks `is_running` holds it for a moment, too."""

BUSY = 16
"""So many conversations at once; more wait."""


class Instance:
    """Whether this process is the one running program of a profile, and its ear if it is.

    The lock ends with the process, however it ends; what a crash leaves of the socket is removed
    by the next one. Only programs of the same user are answered.
    """

    def __init__(self, folder: Path) -> None:
        """`folder`: where the profile's data lie."""
        self._folder = folder
        self._lock: int | None = None
        self._ear: socket.socket | None = None
        self._places = threading.BoundedSemaphore(BUSY)

    def claim(self) -> bool:
        """Becomes the running program; False where there is one already. Raises OSError.

        Where the folder can only be read, an earlier run has left a file that can be locked.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / "instance.lock"
        with suppress(OSError):
            claim_file(path)
        lock = _open_lock(path)
        pause = threading.Event()
        for _time in range(CLAIMS):
            if _try_lock(lock):
                self._lock = lock
                return True
            pause.wait(0.01)  # it may only be one that asks whether a program is running
        os.close(lock)
        return False

    def hand_over(self, message: Message) -> bool:
        """Has the running program do what is asked.

        One that is ending is waited for: then it is False, and this is the running program now.
        Raises NotAnswering, and OSError as `claim` does.
        """
        began = time.monotonic()
        while True:
            patience = PATIENCE
            try:
                if ask(self._folder, message).get("done"):
                    return True
                error = NotAnswering("it does nothing, and does not end")
            except NotAnswering as silent:  # it may have ended just now
                error, patience = silent, HEARD_WITHIN
            if self.claim():
                return False
            if time.monotonic() - began > patience:
                raise error

    def serve(self, answer: Answer) -> None:
        """Answers from now on, until `release`. Raises OSError; `claim` must have come first."""
        self._ear = _listen(self._folder)
        _begin(self._listen_on, self._ear, answer, name="instance")

    def release(self) -> None:
        """Is the running program no longer."""
        if self._ear is not None:
            _take_down(self._folder)
            ear, self._ear = self._ear, None
            with suppress(OSError):
                ear.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a call
            ear.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.release()

    def _listen_on(self, ear: socket.socket, answer: Answer) -> None:
        pause = threading.Event()
        while True:
            try:
                line, _address = ear.accept()
            except OSError:
                if self._ear is not ear:  # closed
                    return
                pause.wait(0.1)  # no more files may be opened now, or who called has hung up
                continue
            self._places.acquire()
            try:
                _begin(self._talk, line, answer, name="instance-talk")
            except OSError:  # who called is hung up on, and may call again
                self._places.release()
                line.close()

    def _talk(self, line: socket.socket, answer: Answer) -> None:
        try:
            with line, suppress(OSError, ValueError):
                line.settimeout(PATIENCE)
                if _is_ours(line, self._folder):
                    message = _read(line, PATIENCE)
                    line.sendall(HEARD)
                    reply = answer(message)
                    line.settimeout(PATIENCE)
                    _write(line, reply)
        finally:
            self._places.release()


def ask(folder: Path, message: Message, patience: float = PATIENCE) -> dict[str, Any]:
    """What the running program of this profile replies within `patience` seconds.

    Waits for one that has just been started to begin listening. Raises NotAnswering.
    """
    try:
        with _call(folder, time.monotonic() + PATIENCE) as line:
            line.settimeout(HEARD_WITHIN)
            _introduce(line, folder)
            _write(line, message)
            if line.recv(1) != HEARD:
                raise ValueError("hung up")
            return _read(line, patience)
    except (OSError, ValueError) as error:
        raise NotAnswering(type(error).__name__) from None


def is_running(folder: Path) -> bool:
    """Whether a program of this profile is running; cheap, and changes nothing."""
    try:
        lock = _open_lock(folder / "instance.lock")
    except OSError:
        return False
    try:
        return not _try_lock(lock)
    finally:
        os.close(lock)


def _open_lock(path: Path) -> int:
    """The file to lock; raises OSError. A network folder wants it writable, where it can be."""
    try:
        return os.open(path, os.O_RDWR)
    except OSError:
        return os.open(path, os.O_RDONLY)


def _begin(work: Callable[..., None], *given: object, name: str) -> None:
    """Does it on a thread of its own. Raises OSError where the system starts no more."""
    try:
        threading.Thread(target=work, args=given, name=name, daemon=True).start()
    except RuntimeError as error:
        raise OSError(str(error)) from error


# ---- one message, a line of JSON --------------------------------------------------------------


def _read(line: socket.socket, patience: float) -> dict[str, Any]:
    """One message, whole within so many seconds.

    Raises ValueError for anything else, OSError where nobody sends it.
    """
    heard, until = bytearray(), time.monotonic() + patience
    while not heard.endswith(b"\n"):
        line.settimeout(max(until - time.monotonic(), 0.001))  # also for one that comes in drops
        piece = line.recv(4096)
        heard += piece
        if not piece or len(heard) > LONGEST:
            raise ValueError("no whole message")
    try:
        message = json.loads(heard)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message


def _write(line: socket.socket, message: Message) -> None:
    line.sendall(json.dumps(dict(message)).encode() + b"\n")


# ---- the socket of each platform --------------------------------------------------------------

if sys.platform == "win32":
    # Python has no local sockets there: a port on loopback, and a key that only the user can read.
    import hmac
    import msvcrt
    import secrets

    def _try_lock(lock: int) -> bool:
        try:
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _listen(folder: Path) -> socket.socket:
        ear = socket.create_server(("127.0.0.1", 0))
        place = folder / "instance.port"
        place.write_text(f"{ear.getsockname()[1]} {secrets.token_hex(32)}", encoding="ascii")
        return ear

    def _take_down(folder: Path) -> None:
        with suppress(OSError):
            (folder / "instance.port").unlink()

    def _connect(folder: Path) -> socket.socket:
        port = int(_port_and_key(folder)[0])
        return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def _introduce(line: socket.socket, folder: Path) -> None:
        line.sendall(_port_and_key(folder)[1].encode())

    def _is_ours(line: socket.socket, folder: Path) -> bool:
        key = _port_and_key(folder)[1].encode()
        heard = b""
        while len(heard) < len(key):
            piece = line.recv(len(key) - len(heard))
            if not piece:
                return False
            heard += piece
        return hmac.compare_digest(heard, key)

    def _port_and_key(folder: Path) -> tuple[str, str]:
        port, key = (folder / "instance.port").read_text(encoding="ascii").split()
        return port, key

else:
    import fcntl

    def _try_lock(lock: int) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _address(folder: Path) -> Path:
        """A short path, for a socket's may have some hundred bytes only; one for each profile.

        It hangs neither on the environment nor on how the folder is spelled: a terminal, a menu and
        cron differ in both.
        """
        name = sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
        runtime = Path(f"/run/user/{os.getuid()}")
        if runtime.is_dir():
            return runtime / "partner-tokens" / name
        return Path(f"/tmp/partner-tokens-{os.getuid()}") / name  # noqa: S108  # looked at below

    def _listen(folder: Path) -> socket.socket:
        path = _address(folder)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_shared(path.parent)
        path.unlink(missing_ok=True)  # left by a crash: the lock is ours, so nobody listens
        ear = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        ear.bind(str(path))
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
        ear.listen(BUSY)
        return ear

    def _take_down(folder: Path) -> None:
        with suppress(OSError):
            _address(folder).unlink()

    def _connect(folder: Path) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(PATIENCE)
            line.connect(str(_address(folder)))
            if not _is_ours(line, folder):
                raise PermissionError
        except OSError:
            line.close()
            raise
        return line

    def _introduce(_line: socket.socket, _folder: Path) -> None:
        """The system itself says who is there."""

    def _is_ours(line: socket.socket, _folder: Path) -> bool:
        if sys.platform == "darwin":
            # struct xucred of <sys/ucred.h>: version, uid, count of groups, 16 groups
            told = line.getsockopt(0, 0x001, struct.calcsize("IIh16I"))
            user = struct.unpack_from("II", told)[1]
        else:
            told = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
            user = struct.unpack("3i", told)[1]
        return bool(user == os.getuid())


def _call(folder: Path, until: float) -> socket.socket:
    """A line to the running program, which may not be listening yet."""
    pause = threading.Event()
    while True:
        try:
            return _connect(folder)
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > until or not is_running(folder):
                raise
        pause.wait(0.02)
