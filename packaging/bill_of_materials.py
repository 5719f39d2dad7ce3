"""Lists what Partner Tokens is made of: a CycloneDX bill of materials, and a table of licences.

Run with the Python of the checkout's environment: what is installed there is what is told.
"""

import json
import re
import sys
import uuid
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

PROJECT = "partner-tokens"
BY_CLASSIFIER = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
}
IN_SPDX = {"LGPLv2+": "LGPL-2.1-or-later"}
"""Expressions of SPDX for what older packages write as they like."""
BY_TEXT = {"Permission is hereby granted, free of charge": "MIT"}
"""Words that only the text of this licence has; for wheels that bring it and declare nothing."""


class LicenceUnknown(Exception):
    """Nothing in this package tells under which licence it comes: look, and extend the tables."""


def parts() -> list[Distribution]:
    """What the program runs with here, by name: all that it requires, and what those require."""
    found: dict[str, Distribution] = {}
    waiting = list(_required(distribution(PROJECT)))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = distribution(name)
            waiting += _required(found[name])
    return [found[name] for name in sorted(found)]


def licence_of(part: Distribution) -> str:
    """The SPDX expression of its licence. Raises LicenceUnknown."""
    said = part.metadata.json
    declared = said.get("license_expression") or said.get("license")
    if declared:
        return IN_SPDX.get(str(declared), str(declared))
    for classifier in said.get("classifier", []):
        if classifier in BY_CLASSIFIER:
            return BY_CLASSIFIER[classifier]
    for file in part.files or []:
        if "licenses/" in file.as_posix():
            text = " ".join(file.read_text(encoding="utf-8").split())
            for words, licence in BY_TEXT.items():
                if words in text:
                    return licence
    raise LicenceUnknown(_name(part))


def bill(found: list[Distribution]) -> str:
    """The bill of materials as CycloneDX 1.6 in JSON; the same parts always give the same text."""
    licences = LicenseFactory()
    itself = distribution(PROJECT)
    root = _component(itself, licences, ComponentType.APPLICATION)
    components = {_name(part): _component(part, licences) for part in found}
    made = Bom(components=components.values())
    made.metadata.component = root
    names = "\n".join(f"{_name(part)}=={part.version}" for part in [itself, *found])
    made.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, names)
    made.register_dependency(root, [components[name] for name in _required(itself)])
    for part in found:
        needs = [components[name] for name in _required(part)]
        made.register_dependency(components[_name(part)], needs)
    document = json.loads(JsonV1Dot6(made).output_as_string())
    del document["metadata"]["timestamp"]
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def table(found: list[Distribution]) -> str:
    """One line for each part: name, version, licence."""
    lines = [(_name(part), part.version, licence_of(part)) for part in found]
    wide = [max(len(line[column]) for line in lines) for column in (0, 1)]
    return "\n".join(f"{a:{wide[0]}}  {b:{wide[1]}}  {c}" for a, b, c in lines)


def main(target: Path) -> None:
    """Write the bill, print the table."""
    found = parts()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(bill(found), encoding="utf-8", newline="\n")
    print(table(found))


def _required(part: Distribution) -> Iterator[str]:
    """The names of what a part requires on this system."""
    for line in part.requires or []:
        wish = Requirement(line)
        if wish.marker is None or wish.marker.evaluate({"extra": ""}):
            yield _normal(wish.name)


def _component(
    part: Distribution, licences: LicenseFactory, kind: ComponentType = ComponentType.LIBRARY
) -> Component:
    name, version = _name(part), part.version
    declared = LicenseAcknowledgement.DECLARED
    return Component(
        name=name,
        version=version,
        type=kind,
        bom_ref=f"{name}=={version}",
        purl=PackageURL("pypi", name=name, version=version),
        licenses=[licences.make_from_string(licence_of(part), license_acknowledgement=declared)],
        components=_inside(part, licences),
    )


def _inside(part: Distribution, licences: LicenseFactory) -> list[Component]:
    """What is compiled into a wheel (OpenSSL, crates of Rust), where its own bill says so.

    Of that bill only what tells nothing of the computer that built the wheel.
    """
    found: list[Component] = []
    for file in part.files or []:
        if "/sboms/" in file.as_posix() and file.name.endswith(".json"):
            theirs = json.loads(file.read_text(encoding="utf-8"))
            found += [_nested(one, part, licences) for one in theirs.get("components", [])]
    return found


def _nested(said: dict[str, Any], part: Distribution, licences: LicenseFactory) -> Component:
    name, version, purl = said["name"], said.get("version"), said.get("purl", "")
    expressions = [one["expression"] for one in said.get("licenses", []) if "expression" in one]
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{_name(part)}/{name}=={version}",
        purl=PackageURL.from_string(purl.partition("?")[0]) if purl else None,
        licenses=[licences.make_from_string(one) for one in expressions],
    )


def _name(part: Distribution) -> str:
    return _normal(part.metadata["Name"])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
