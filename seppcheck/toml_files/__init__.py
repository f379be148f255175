"""TOML files that people write: read against a model, and every fault told with file, line and key."""
