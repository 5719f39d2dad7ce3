"""The bill of materials of the frozen program: that of the wheel, and the Python it brings."""

import json
import platform
import sys

from bill_of_materials import bill, parts
from release import places

SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}


def write_bill() -> None:
    """Writes CycloneDX 1.6 into `places.DIST`."""
    document = json.loads(bill(parts()))
    python = f"python=={platform.python_version()}"
    document["components"].append(
        {
            "bom-ref": python,
            "licenses": [{"license": {"acknowledgement": "declared", "id": "PSF-2.0"}}],
            "name": "python",
            "type": "platform",
            "version": platform.python_version(),
        }
    )
    root = document["metadata"]["component"]["bom-ref"]
    for entry in document["dependencies"]:
        if entry["ref"] == root:
            entry["dependsOn"] = sorted([*entry.get("dependsOn", []), python])
    document["dependencies"].append({"ref": python})
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    target = places.DIST / f"partner-tokens-{places.version()}-{SYSTEMS[sys.platform]}.cdx.json"
    target.write_text(text, encoding="utf-8", newline="\n")
