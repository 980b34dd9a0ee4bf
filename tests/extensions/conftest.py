from tests.inbound.conftest import office

__all__ = ("office",)
