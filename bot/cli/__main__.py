"""``python -m bot.cli``: the same as `alexia`, for those who start it as a process."""

from bot.cli.commands import main

if __name__ == "__main__":
    main(prog_name="alexia")
