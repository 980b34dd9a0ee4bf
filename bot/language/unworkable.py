"""What is wrong with an expression: as it is written, or with the values at hand."""


class TemplateBroken(Exception):
    """A template or expression that cannot be used; the text says why."""


class CannotWorkOut(Exception):
    """The values at hand do not fit an expression; the text says why."""
