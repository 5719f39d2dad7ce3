"""Makes everything that is handed out for this system, step by step."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable

from release import places
from release.dependencies import LibraryMissing
from release.windows_setup import ToolMissing


def main() -> int:
    """Makes `places.DIST` anew."""
    shutil.rmtree(places.DIST, ignore_errors=True)
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("wheel and source", make_wheel),
        ("icons", draw_icons),
        ("notices", write_notices),
        ("frozen program", freeze),
        ("installer", make_installer),
        ("bill of materials", write_bill),
        ("sums", write_sums),
    )
    for words, step in steps:
        print(f"--- {words}", file=sys.stderr, flush=True)
        try:
            step()
        except (subprocess.CalledProcessError, ToolMissing, LibraryMissing) as error:
            print(f"Not done: {error}", file=sys.stderr)
            return 1
    for file in sorted(places.DIST.iterdir()):
        print(f"{file.stat().st_size / 2**20:8.2f} MiB  {file}", file=sys.stderr)
    return 0


def make_wheel() -> None:
    """Wheel and source distribution, and the wheel unpacked."""
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(places.DIST)]
    subprocess.run(build, cwd=places.ROOT, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = places.DIST.glob("*.whl")
    shutil.rmtree(places.UNPACKED, ignore_errors=True)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(places.UNPACKED)  # made by ourselves a moment ago
    sys.path.insert(0, str(places.UNPACKED))


def draw_icons() -> None:
    """In a process of its own, for Qt."""
    subprocess.run([sys.executable, "-c", "from release.icons import draw; draw()"], check=True)


def write_notices() -> None:
    """Whose work is shipped along, and under which licences."""
    from release.notices import notices

    places.NOTICES.write_text(notices(), encoding="utf-8")


def freeze() -> None:
    """The folder with both commands."""
    from release.freezing import freeze

    freeze()


def make_installer() -> None:
    """The installer of this system."""
    makers: dict[str, Callable[[], None]] = {
        "linux": _make_deb,
        "win32": _make_setup,
        "darwin": _make_disk_image,
    }
    makers[sys.platform]()


def _make_deb() -> None:
    from release.debian import make_deb

    make_deb()


def _make_setup() -> None:
    from release.windows_setup import make_setup

    make_setup(places.FROZEN, places.DIST)


def _make_disk_image() -> None:
    from release.disk_image import make_disk_image

    make_disk_image()


def write_bill() -> None:
    """What the frozen program is made of, as CycloneDX."""
    from release.bill import write_bill

    write_bill()


def write_sums() -> None:
    """The sums of all that was made, as `sha256sum --check` reads them."""
    from release.sums import write_sums

    write_sums(places.DIST)


if __name__ == "__main__":
    sys.exit(main())
