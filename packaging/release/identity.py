"""What the packages call the program and its commands, on every system."""

NAME = "Partner Tokens"
PUBLISHER = "Partner Tokens contributors"
SUMMARY = "Desktop manager for the API tokens of partner admins"

BUNDLE_ID = "internal.partnertokens.manager"
"""Also the id of the AppStream metainfo. The top-level domain `internal` belongs to nobody and
never will (ICANN set it aside in 2024), so no domain is claimed that is somebody else's."""

COMMANDS = {"partner-tokens": False, "partner-tokens-cli": True}
"""Each command, and whether it has a console on Windows."""

MODULES = {"partner-tokens": "partner_tokens.__main__", "partner-tokens-cli": "partner_tokens.cli"}
"""Whose `main` a command runs."""
