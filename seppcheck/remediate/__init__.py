"""Plan, apply, journal, rollback: the only code that changes the world, over `seppcheck.clients`."""
