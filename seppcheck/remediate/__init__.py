"""Plan, apply, journal, rollback: the only code that changes the world, one writer a world, over `seppcheck.clients`."""
