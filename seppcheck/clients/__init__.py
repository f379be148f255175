"""The protocols: sockets, limits, retries and foreign exceptions end here."""
