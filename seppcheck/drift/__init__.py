"""The accepted baseline: what it holds, its file, and what differs from it by meaning."""
