#!/usr/bin/env python3
"""Open Partner Tokens from a checkout, test it, or refresh its translations and pins.

usage: python3 packaging/dev.py run [OPTIONS OF THE PROGRAM]
       python3 packaging/dev.py test [OPTIONS OF PYTEST]
       python3 packaging/dev.py bench [NAMES] [--times N]
       python3 packaging/dev.py torture [NAMES] [--seed N]
       python3 packaging/dev.py bill [FILE]
       python3 packaging/dev.py licences
       python3 packaging/dev.py pictures
       python3 packaging/dev.py build [--twice]
       python3 packaging/dev.py try-package [windows]
       python3 packaging/dev.py words
       python3 packaging/dev.py lock [OPTIONS OF UV, for instance --upgrade]

run   makes .venv from hashed requirements, looks after the system libraries that Qt needs, and
      opens the program on its built-in demo; `run --profile DIR` opens that profile instead.
      `run -- OPTIONS` hands over exactly OPTIONS, so a bare `run --` opens your own tokens.
      Without a screen the demo is shown as text, and a picture of its window is written.
test  adds the test tools and runs ruff, mypy and pytest; with options, pytest alone with them.
bench measures speed and memory beside curl and KeePassXC, which it installs on Debian and its kin.
torture  kills the program, fills its disk, lies to it on the network, and prints what came of it.
bill  asks pip whether all that is required is installed, lists the licences, and writes what the
      program is made of as CycloneDX (to dist/partner-tokens.cdx.json).
licences writes the licence texts that are shipped with the program, from what is installed.
build makes in dist/ what people install on this system: wheel, source, an installer (on Debian and
      its kin a .deb), sums and bill of materials. `--twice` shows that it comes out the same.
pictures paints the pictures of the user guide anew, from the demo (packaging/pictures/*.png).
try-package  as root on Debian: builds the package, judges it, installs it into a Debian of its own
      in build/, goes through the stories with it, upgrades, purges, and looks what is left.
      `windows` runs the installer for Windows under Wine, around a stand-in.
words takes all words out of the source into resources/translations/*.po and compiles them, and two
      languages by which is seen what cannot be translated: LANGUAGE=en_XA, and ar_XB from right
      to left.
lock  writes packaging/requirements*.txt anew from pyproject.toml, with the tool `uv`.

Needs nothing but Python 3.11 or later, on Linux, macOS or Windows.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - so this file is written for 2.7 too
    sys.exit(
        "Partner Tokens needs Python 3.11 or later, and this is Python {}.{}: use a newer one, "
        "for example `python3.12 packaging/dev.py run`.".format(*sys.version_info)
    )

import dev_commands

if __name__ == "__main__":
    sys.exit(dev_commands.main(sys.argv[1:], usage=str(__doc__)))
