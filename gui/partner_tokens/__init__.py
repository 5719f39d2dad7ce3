"""Partner Tokens, a desktop manager for the API tokens of partner admins."""

__version__ = "0.1.0"
