"""The room `nlu`."""
