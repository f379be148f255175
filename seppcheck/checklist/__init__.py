"""The guide as a living checklist: how far a migration is, the state of every step, and what comes next."""
