"""Frozen data that the stages exchange: targets, evidence, results. No I/O, no foreign libraries."""
