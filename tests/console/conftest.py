import pytest

from tests.console.stage import StageBot, app_of, client


@pytest.fixture
def bot():
    bot = StageBot()
    yield bot
    bot.close()


@pytest.fixture
def app(bot, tmp_path):
    return app_of(bot, tmp_path)


@pytest.fixture
async def api(app):
    async with client(app) as api:
        yield api
