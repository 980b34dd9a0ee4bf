"""What columns hold that older rows lack."""

from sqlalchemy import text
from sqlmodel import Field

EMPTY = Field("", sa_column_kwargs={"server_default": text("''")})
NONE = Field(0, sa_column_kwargs={"server_default": text("0")})
