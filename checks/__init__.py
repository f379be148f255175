"""Checks: one file each, named for the id."""
