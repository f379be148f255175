"""The embedded lab: a small world on loopback, for trying out and for tests."""
