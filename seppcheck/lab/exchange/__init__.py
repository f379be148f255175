"""An Exchange Online on loopback: its tokens, its commands and its state."""
