"""What of Qt and of the system goes into the frozen program, by the place of each file."""

import re
from pathlib import PurePosixPath

KEPT_PLUGINS = {
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"},
    # Not qgtk3, which brings all of GTK: the portal tells of dark and light, and opens files.
    "platformthemes": {"qxdgdesktopportal"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "imageformats": {"qsvg"},
    "iconengines": {"qsvgicon"},
    "styles": {"qmodernwindowsstyle", "qmacstyle"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-shell-integration": {"xdg-shell"},
}
"""Pictures other than PNG and SVG, OpenGL, TLS and bare screens are no matter of this program."""

UNUSED_LIBRARIES = re.compile(r"(lib)?(Qt6?(Network|OpenGL|EglF[Ss])\w*|opengl32sw)\b")
"""No plugin that is kept needs them; HTTPS is Python's. The last is a renderer for Windows."""

TRANSLATIONS = {"qtbase_es.qm"}
"""Qt's own words, in the languages of resources/translations."""

SYSTEM_FOLDERS = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
_LIBRARY = re.compile(r"lib[^/]+\.so(\.\d+)*")


def is_kept(destination: str, source: str, platform: str) -> bool:
    """Whether a file that PyInstaller found belongs into the program.

    `destination` is its place in the program, `source` on this machine (for a symbolic link, what
    it leads to), `platform` as in sys.platform. On Linux the system's own libraries stay out:
    the package depends on theirs, so that the system keeps them safe.
    """
    place = PurePosixPath(destination.replace("\\", "/"))
    if "plugins" in place.parts and place.parts[0] == "PySide6":
        kind = place.parts[place.parts.index("plugins") + 1]
        stem = place.name.partition(".")[0]
        return stem.removeprefix("lib") in KEPT_PLUGINS.get(kind, set())
    if place.suffix == ".qm" and place.parts[0] == "PySide6":
        return place.name in TRANSLATIONS
    if UNUSED_LIBRARIES.match(place.name):
        return False
    return not (platform == "linux" and _is_the_systems(place, source))


def _is_the_systems(place: PurePosixPath, source: str) -> bool:
    return (
        len(place.parts) == 1
        and _LIBRARY.fullmatch(place.name) is not None
        and not place.name.startswith("libpython")
        and source.startswith(SYSTEM_FOLDERS)
    )
