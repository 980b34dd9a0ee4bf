"""The room `whatsapp`."""
