"""Where this user's data, preferences and log lie."""

from pathlib import Path
from typing import NamedTuple

from partner_tokens.core.places import refuse_shared

NAME = "partner-tokens"


class Profile(NamedTuple):
    """Three folders: they may be one."""

    data: Path
    config: Path
    log: Path

    @property
    def store_path(self) -> Path:
        """The SQLite file."""
        return self.data / "tokens.sqlite3"

    @property
    def backups(self) -> Path:
        """The folder of the store's copies."""
        return self.data / "backups"

    @property
    def preferences_path(self) -> Path:
        """The file of the user's choices."""
        return self.config / "preferences.json"

    @property
    def log_path(self) -> Path:
        """The log file."""
        return self.log / "partner-tokens.log"


def default_profile() -> Profile:
    """The platform's own places; data in the local one, which does not roam between machines."""
    import platformdirs

    places = platformdirs.PlatformDirs(NAME, appauthor=False, roaming=False)
    return Profile(places.user_data_path, places.user_config_path, places.user_log_path)


def profile_under(folder: Path) -> Profile:
    """Everything in one folder. Raises FolderShared where others can write to it.

    One that exists keeps its mode: it may hold more than what is ours.
    """
    whole = folder.expanduser().absolute()
    refuse_shared(whole)
    return Profile(whole, whole, whole)
