from bot.config import default_config
from bot.daemon.bookshelf import BookShelf
from tests.make import NOW

GOOD = "version: 1\nrules: [{id: a, when: {keyword: hi}, do: {reply: Hello}}]\n"


def shelf(folder):
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yaml").write_text(GOOD)
    return BookShelf(default_config(folder, {}), clock=lambda: NOW, known_intents=lambda: None)


async def test_a_broken_edit_leaves_the_last_good_rules_in_force(tmp_path):
    books = shelf(tmp_path)
    assert books.open(last_good=False).ok
    before = books.book

    (tmp_path / "rules" / "a.yaml").write_text(GOOD.replace("when", "wehn"))
    reloaded = await books.reload()

    assert not reloaded.ok
    assert books.book is before
    assert str(books.rejected[0]).startswith("rules/a.yaml:2:")


async def test_a_start_under_broken_files_takes_the_last_good_only_when_asked(tmp_path):
    shelf(tmp_path).open(last_good=False)
    (tmp_path / "rules" / "a.yaml").write_text("rules: [")
    again = BookShelf(default_config(tmp_path, {}), clock=lambda: NOW, known_intents=lambda: None)

    assert not again.open(last_good=False).ok
    assert again.open(last_good=True).ok
    assert [rule.id for rule in again.rulebook.rules] == ["a"]


async def test_a_good_edit_says_what_changed(tmp_path):
    books = shelf(tmp_path)
    books.open(last_good=False)
    (tmp_path / "rules" / "a.yaml").write_text(GOOD.replace("Hello", "Ciao"))

    assert (await books.reload()).said == "~1 rule (a)"


async def test_versions_that_live_conversations_run_are_found_again_after_a_restart(tmp_path):
    books = shelf(tmp_path)
    books.open(last_good=False)
    wanted = {rule.hash for rule in books.rulebook.rules}
    (tmp_path / "rules" / "a.yaml").write_text(GOOD.replace("Hello", "Ciao"))
    await books.reload()
    again = BookShelf(default_config(tmp_path, {}), clock=lambda: NOW, known_intents=lambda: None)
    again.open(last_good=False)

    assert all(again.book.compiled.version(one) is None for one in wanted)
    again.recall(wanted)
    assert all(again.book.compiled.version(one) is not None for one in wanted)
