"""The command group `config`: what is set, and where it comes from."""

from __future__ import annotations

import os

import typer

from tadarag.cli.output import table
from tadarag.cli.session import Session, with_session
from tadarag.cli.settings import FILE_NAME, describe_settings, user_config_file

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback(no_args_is_help=True)
def config() -> None:
    """Show the settings and where each comes from.

    Later places win: tadarag.toml in the base, tadarag.toml in your configuration folder, TADARAG_ variables, flags.
    """


@with_session
def show(session: Session) -> None:
    """Show every setting, its value and its origin.

    Secrets are shown as "set".
    """
    rows = describe_settings(session.settings)
    files = {"base": str(session.base / FILE_NAME), "user": str(user_config_file(os.environ))}
    lines = table([(name, "-" if value == "" else str(value), origin) for name, value, origin in rows])
    session.output.result(
        {"settings": {name: {"value": value, "origin": origin} for name, value, origin in rows}, "files": files},
        [*lines, "", f"file of the base: {files['base']}", f"file of yours:    {files['user']}"],
    )


app.command("show")(show)
