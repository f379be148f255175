"""What several checks judge alike: pure, from evidence to findings. Checks get it from `seppcheck.api`."""
