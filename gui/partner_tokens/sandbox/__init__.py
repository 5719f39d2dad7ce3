"""The service in small, on loopback, for the demo and for the tests."""
