"""What Exchange Online says, however it comes: the cmdlets that are read, their objects, and the export."""
