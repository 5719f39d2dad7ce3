"""What Windows shows of a program's file: name, version, publisher."""

from release.identity import NAME, PUBLISHER, SUMMARY

RESOURCE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', {publisher!r}),
      StringStruct('FileDescription', {description!r}),
      StringStruct('FileVersion', {version!r}),
      StringStruct('InternalName', {command!r}),
      StringStruct('LegalCopyright', 'MIT licence'),
      StringStruct('OriginalFilename', '{command}.exe'),
      StringStruct('ProductName', {name!r}),
      StringStruct('ProductVersion', {version!r}),
    ])]),
    VarFileInfo([VarStruct('Translation', [0x0409, 1200])]),
  ],
)
"""


def version_resource(command: str, version: str) -> str:
    """The resource of one command, as PyInstaller reads it.

    The description is what the task manager and the firewall call the program.
    """
    return RESOURCE.format(
        numbers=four_numbers(version),
        publisher=PUBLISHER,
        description=NAME if command == "partner-tokens" else f"{NAME}, {SUMMARY} (terminal)",
        version=version,
        command=command,
        name=NAME,
    )


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """A version as Windows wants it: `1.2.3` becomes (1, 2, 3, 0)."""
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch, 0
