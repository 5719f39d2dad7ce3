"""The releases that the metainfo tells of; they are the change log."""

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from release import places
from release.identity import BUNDLE_ID

METAINFO = places.PACKAGING / "linux" / f"{BUNDLE_ID}.metainfo.xml"


@dataclass(frozen=True, slots=True)
class Release:
    """One release with the lines that tell what is new in it."""

    version: str
    at: datetime
    lines: tuple[str, ...]


def releases() -> list[Release]:
    """All of them, the newest first."""
    root = ET.parse(METAINFO).getroot()  # noqa: S314  # our own file
    return [
        Release(
            version=release.attrib["version"],
            at=datetime.fromisoformat(release.attrib["date"]).replace(tzinfo=UTC),
            lines=tuple(
                " ".join("".join(node.itertext()).split())
                for node in release.iter()
                if node.tag in {"p", "li"}
            ),
        )
        for release in root.iterfind("releases/release")
    ]
