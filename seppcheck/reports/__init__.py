"""Reports: each with its own encoder for untrusted text."""
