"""The HTTP app: all routes behind one door."""

from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from bot.config import Console
from bot.console.chats import ChatRoutes
from bot.console.consents import ConsentRoutes
from bot.console.crm import SIGNED, CrmRoutes
from bot.console.desk import Bot
from bot.console.fields import FieldRoutes
from bot.console.groups import GroupRoutes
from bot.console.guard import Guard
from bot.console.health import HealthRoutes
from bot.console.keys import KeyFile
from bot.console.labels import LabelRoutes
from bot.console.live import Live
from bot.console.own import OwnRoutes
from bot.console.people import PeopleRoutes
from bot.console.refusals import HANDLERS
from bot.console.reports import ReportRoutes
from bot.console.sessions import SessionRoutes
from bot.console.waha import WahaRoutes

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - addresses that are no name of ours


def make_app(bot: Bot, keys: KeyFile, console: Console) -> ASGIApp:
    """Return the app over a running bot."""
    watching = HealthRoutes(bot)
    routes = [
        Route("/health", watching.health, methods=["GET"]),
        Route("/metrics", watching.metrics, methods=["GET"]),
        *OwnRoutes(bot).routes(),
        *PeopleRoutes(bot).routes(),
        *SessionRoutes(bot).routes(),
        *WahaRoutes(bot).routes(),
        *GroupRoutes(bot).routes(),
        *ChatRoutes(bot).routes(),
        *LabelRoutes(bot).routes(),
        *ConsentRoutes(bot).routes(),
        *FieldRoutes(bot).routes(),
        *CrmRoutes(bot).routes(),
        *ReportRoutes(bot).routes(),
        WebSocketRoute("/ws", Live(bot).serve),
    ]
    opened = ("/health", "/metrics") if console.metrics_open else ("/health",)
    signed = (f"POST {path}" for path in SIGNED)
    public = urlsplit(console.public_url)
    names = {console.host, public.hostname or ""} - set(EVERYWHERE)
    return Guard(
        Starlette(routes=routes, exception_handlers=HANDLERS),
        keys=keys,
        hosts=frozenset(name.lower() for name in names),
        origins=frozenset((f"{public.scheme}://{public.netloc}",) if public.netloc else ()),
        is_open=frozenset((*opened, *signed)),
    )
