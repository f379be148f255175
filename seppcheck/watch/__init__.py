"""Watching a cutover: rounds of the same run, each source asked at its own rhythm."""
