"""From a client's or a file's answer to evidence: the only code that brings facts in."""
