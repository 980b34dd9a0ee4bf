"""The room `inbound`."""
