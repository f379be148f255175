"""Checks for moving a SEPPmail Secure E-Mail Gateway from parallel to inline operation."""

__version__ = "0.1.0"
