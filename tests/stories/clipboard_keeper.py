"""A clipboard manager, as desktops have one: programs that end may ask it to keep their copy.

It follows the page "ClipboardManager" of freedesktop.org as far as the first question: it prints
"keeping" once it is there, and "asked" when a program wants its clipboard to be saved. Qt asks at
the end of a program that still owns the clipboard.
"""

import ctypes
import ctypes.util
import sys

SELECTION_REQUEST = 30
SELECTION_NOTIFY = 31


class SelectionRequest(ctypes.Structure):
    """XSelectionRequestEvent of Xlib."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("owner", ctypes.c_ulong),
        ("requestor", ctypes.c_ulong),
        ("selection", ctypes.c_ulong),
        ("target", ctypes.c_ulong),
        ("property", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
    )


class SelectionNotify(ctypes.Structure):
    """XSelectionEvent of Xlib."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("requestor", ctypes.c_ulong),
        ("selection", ctypes.c_ulong),
        ("target", ctypes.c_ulong),
        ("property", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
    )


class Event(ctypes.Union):
    """XEvent of Xlib."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("request", SelectionRequest),
        ("notify", SelectionNotify),
        ("space", ctypes.c_long * 24),
    )


def main() -> None:
    """Until it is ended."""
    x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    for name in ("XDefaultRootWindow", "XCreateSimpleWindow", "XInternAtom"):
        getattr(x11, name).restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    window = ctypes.c_ulong(x11.XCreateSimpleWindow(display, root, 0, 0, 1, 1, 0, 0, 0))
    manager = ctypes.c_ulong(x11.XInternAtom(display, b"CLIPBOARD_MANAGER", 0))
    save = x11.XInternAtom(display, b"SAVE_TARGETS", 0)
    x11.XSetSelectionOwner(display, manager, window, ctypes.c_ulong(0))
    x11.XSync(display, 0)
    say("keeping")
    event = Event()
    while True:
        x11.XNextEvent(display, ctypes.byref(event))
        if event.type == SELECTION_REQUEST:
            asked = event.request
            if asked.target == save:
                say("asked")
            answer = Event(notify=SelectionNotify(SELECTION_NOTIFY))
            for field in ("requestor", "selection", "target", "property", "time"):
                setattr(answer.notify, field, getattr(asked, field))
            requestor = ctypes.c_ulong(asked.requestor)
            x11.XSendEvent(display, requestor, 0, ctypes.c_long(0), ctypes.byref(answer))
            x11.XFlush(display)


def say(word: str) -> None:
    """For the test to read."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
