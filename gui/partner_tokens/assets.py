"""Where shipped files lie: in the installed package, or in a checkout; else an error."""

from functools import cache
from pathlib import Path


@cache
def resources_folder() -> Path:
    """The folder `resources`, with its icons inside.

    Raises FileNotFoundError when the program was installed without its files: better at once and
    in words than as a window without icons.
    """
    package = Path(__file__).resolve().parent
    for folder in (package.parents[1] / "resources", package / "resources"):
        if (folder / "icons" / "app.svg").is_file():
            return folder
    raise FileNotFoundError(
        f"Partner Tokens was installed without its files: no icons/app.svg beside {package}"
    )
