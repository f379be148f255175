"""The engine's steps: plan, gather, judge, waive, roll up. `seppcheck.run` puts them together."""
