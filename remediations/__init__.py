"""Remediations: one file each, named for the check that it answers."""
