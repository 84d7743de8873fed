"""Settings are read once, at the edge: the base's file, then the user's, then TADARAG_ variables, then flags; the later one wins."""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tadarag.errors import UsageError
from tadarag.nearest import nearest
from tadarag.roots import base_folder

FILE_NAME = "tadarag.toml"
"""What makes a folder of any name a base, such as a backup."""
DEFAULT_ORIGIN = "default"
OTHER_VARIABLES = frozenset({"TADARAG_EVAL_DATA"})
"""Variables that belong to one command only and are not settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a person may set, for all commands; `origins` says for each key where its value came from.

    base: None means the documents' own folder. encoder, memory_builder: "" means the one the base was made with. limit: passages shown by `search`.
    model_api_key, server_token, neo4j_password: from the environment only (the token also from `serve --token`), and never printed.
    """

    base: Path | None = None
    encoder: str = ""
    memory_builder: str = ""
    tier: str = ""
    pipeline: str = "default"
    workers: int = 0
    limit: int = 10
    budget_tokens: int = 0
    model_url: str = ""
    model_name: str = ""
    model_price_in: str = ""
    model_price_out: str = ""
    server_host: str = "127.0.0.1"
    server_port: int = 8765
    server_upload_mb: int = 100
    server_requests_per_minute: int = 6000
    server_requests_at_once: int = 64
    model_api_key: str = field(default="", repr=False)
    server_token: str = field(default="", repr=False)
    neo4j_user: str = "neo4j"
    neo4j_password: str = field(default="", repr=False)
    neo4j_database: str = ""
    neo4j_graph: str = ""
    origins: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One setting: its name in files ("model.url"), its field, its type, its smallest value if it is a number, and what it is for."""

    name: str
    kind: type[str] | type[int]
    help: str
    minimum: int = 0
    environment_only: bool = False

    @property
    def field(self) -> str:
        """The name of the field of Settings."""
        return self.name.replace(".", "_")

    @property
    def variable(self) -> str:
        """The name of the environment variable."""
        return f"TADARAG_{self.field.upper()}"


KEYS = (
    Key(name="base", kind=str, help="folder of the knowledge base; default: .tadarag beside the documents"),
    Key(name="encoder", kind=str, help="encoder of a new base, by name; default: the shipped one"),
    Key(name="memory_builder", kind=str, help="memory builder of a new base: structural (default) or mem-reader, which asks the model"),
    Key(
        name="tier", kind=str, help="extractor of new documents: rules, small, llm, auto, or one that is installed; default: the base's own"
    ),
    Key(name="pipeline", kind=str, help="recipe of `ask`, a file of pipelines/answer: default, evidence-only, llm"),
    Key(name="workers", kind=int, help="processes and encoder sessions of an ingest; 0: one per core"),
    Key(name="limit", kind=int, minimum=1, help="passages that `search` shows"),
    Key(name="budget_tokens", kind=int, help="most tokens that one question may spend on a model; 0: no limit"),
    Key(name="model.url", kind=str, help="OpenAI-compatible endpoint of the `llm` recipe, such as http://127.0.0.1:11434/v1"),
    Key(name="model.name", kind=str, help="name of the model at that endpoint"),
    Key(
        name="model.price_in",
        kind=str,
        help="price of a million tokens that the model reads, in any currency; for estimates, budgets, costs",
    ),
    Key(name="model.price_out", kind=str, help="price of a million tokens that the model writes, in the same currency"),
    Key(name="server.host", kind=str, help="where `serve` listens; anything beyond this computer needs server.token"),
    Key(name="server.port", kind=int, help="port of `serve`; 0 takes a free one"),
    Key(name="server.upload_mb", kind=int, minimum=1, help="most megabytes of one upload to `serve`"),
    Key(name="server.requests_per_minute", kind=int, minimum=1, help="most requests of one client of `serve` in a minute"),
    Key(name="server.requests_at_once", kind=int, minimum=1, help="most requests of one client of `serve` at a time"),
    Key(
        name="server.token",
        kind=str,
        help="what clients of `serve` must send; from the environment only, never printed",
        environment_only=True,
    ),
    Key(name="neo4j.user", kind=str, help="user of `graph push` and `graph pull`"),
    Key(
        name="neo4j.password",
        kind=str,
        help="password of that user; from the environment only, never printed",
        environment_only=True,
    ),
    Key(name="neo4j.database", kind=str, help="database of `graph push` and `graph pull`; default: the server's own"),
    Key(name="neo4j.graph", kind=str, help="name of this base's graph on servers; the first `graph push` makes one"),
    Key(name="model.api_key", kind=str, help="key of that endpoint; from the environment only, never printed", environment_only=True),
)


def user_config_file(environment: Mapping[str, str]) -> Path:
    """The user's own tadarag.toml, by the convention of the platform (it need not exist)."""
    return _user_folder(environment, "XDG_CONFIG_HOME", ".config", "Library/Application Support", "APPDATA") / FILE_NAME


def user_cache_folder(environment: Mapping[str, str]) -> Path:
    """Where bases of read-only folders are kept, by the convention of the platform."""
    return _user_folder(environment, "XDG_CACHE_HOME", ".cache", "Library/Caches", "LOCALAPPDATA")


def read_settings(*, flags: Mapping[str, str | int | None], environment: Mapping[str, str], documents: Path) -> Settings:
    """Merge the four places into one value.

    flags: field name -> value; None means not given. documents: the folder beside which the base lies unless a setting says otherwise.
    Raises UsageError for a key that does not exist, a value of the wrong kind, or a file that is not TOML.
    """
    outer = _merge({}, _from_file(user_config_file(environment)))
    outer = _merge(outer, _from_environment(environment))
    outer = _merge(outer, {name: (value, f"flag --{name.replace('_', '-')}") for name, value in flags.items() if value is not None})
    base = Path(str(outer["base"][0])) if "base" in outer else None
    inner = _from_file(base_folder(base or documents) / FILE_NAME)
    if "base" in inner:
        raise UsageError(f"{base_folder(base or documents) / FILE_NAME} sets 'base'", "remove that line: a base cannot name another base")
    return _settings(_merge(inner, outer))


def with_setting(text: str, name: str, value: str) -> str:
    """A settings file's text with one top-level key set; the other lines stay."""
    line = f"{name} = {json.dumps(value, ensure_ascii=False)}"  # a JSON string is a TOML string
    kept = [old for old in text.splitlines() if not re.match(rf"\s*{re.escape(name)}\s*=", old)]
    return "\n".join([line, *kept]) + "\n"


def describe_settings(settings: Settings) -> tuple[tuple[str, str | int, str], ...]:
    """(name, value, where it came from) of every key; a secret's value is "set" or ""."""
    rows = []
    for key in KEYS:
        value = getattr(settings, key.field)
        shown = ("set" if value else "") if key.environment_only else value if isinstance(value, int) else str(value or "")
        rows.append((key.name, shown, settings.origins.get(key.field, DEFAULT_ORIGIN)))
    return tuple(rows)


Found = dict[str, tuple[str | int, str]]  # field -> (value, origin)


def _merge(earlier: Found, later: Mapping[str, tuple[str | int, str]]) -> Found:
    return {**earlier, **later}


def _settings(found: Found) -> Settings:
    defaults = Settings()
    origins = {name: origin for name, (_, origin) in found.items()}

    def number(name: str) -> int:
        return int(found[name][0]) if name in found else int(getattr(defaults, name))

    def text(name: str) -> str:
        return str(found[name][0]) if name in found else str(getattr(defaults, name))

    for key in KEYS:
        if key.kind is int and number(key.field) < key.minimum:
            raise UsageError(f"{origins[key.field]}: {key.name} is {number(key.field)}", f"give a whole number of at least {key.minimum}")
    return Settings(
        base=Path(text("base")).expanduser() if "base" in found else None,
        encoder=text("encoder"),
        memory_builder=text("memory_builder"),
        tier=text("tier"),
        pipeline=text("pipeline"),
        workers=number("workers"),
        limit=number("limit"),
        budget_tokens=number("budget_tokens"),
        model_url=text("model_url"),
        model_name=text("model_name"),
        model_price_in=text("model_price_in"),
        model_price_out=text("model_price_out"),
        server_host=text("server_host"),
        server_port=number("server_port"),
        server_upload_mb=number("server_upload_mb"),
        server_requests_per_minute=number("server_requests_per_minute"),
        server_requests_at_once=number("server_requests_at_once"),
        model_api_key=text("model_api_key"),
        server_token=text("server_token"),
        neo4j_user=text("neo4j_user"),
        neo4j_password=text("neo4j_password"),
        neo4j_database=text("neo4j_database"),
        neo4j_graph=text("neo4j_graph"),
        origins=origins,
    )


def _from_file(file: Path) -> Found:
    if not file.is_file():
        return {}
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not valid TOML: {error}", "mend or remove the file") from error
    flat: dict[str, object] = {}
    for name, value in content.items():
        flat.update({f"{name}.{inner}": part for inner, part in value.items()} if isinstance(value, dict) else {name: value})
    by_name = {key.name: key for key in KEYS}
    found: Found = {}
    for name, value in flat.items():
        if name not in by_name:
            raise UsageError(f"{file} has an unknown key {name!r}", nearest(name, by_name))
        found[by_name[name].field] = (_file_value(by_name[name], value, file), str(file))
    return found


def _file_value(key: Key, value: object, file: Path) -> str | int:
    if key.environment_only:
        raise UsageError(f"{file} holds {key.name}, a secret", f"remove it from the file and set {key.variable} in the environment")
    if type(value) is not key.kind:  # `is`: a bool is an int to isinstance
        kind = "a whole number" if key.kind is int else "text in quotation marks"
        raise UsageError(f"{file}: {key.name} is {value!r}", f"give {kind}")
    return value if isinstance(value, str | int) else str(value)


def _from_environment(environment: Mapping[str, str]) -> Found:
    by_variable = {key.variable: key for key in KEYS}
    found: Found = {}
    for variable in sorted(environment):
        if not variable.startswith("TADARAG_") or variable in OTHER_VARIABLES or not environment[variable]:
            continue
        if variable not in by_variable:
            raise UsageError(f"the environment has an unknown variable {variable}", nearest(variable, by_variable))
        key, text = by_variable[variable], environment[variable]
        if key.kind is int and not text.strip().lstrip("-").isdecimal():
            raise UsageError(f"{variable} is {text!r}", "give a whole number")
        found[key.field] = (int(text) if key.kind is int else text, f"variable {variable}")
    return found


def _user_folder(environment: Mapping[str, str], xdg: str, unix: str, mac: str, windows: str) -> Path:
    home = Path(environment.get("HOME") or Path.home())
    if environment.get(xdg):
        return Path(environment[xdg]) / "tadarag"
    if sys.platform == "darwin":
        return home / mac / "tadarag"
    if os.name == "nt" and environment.get(windows):
        return Path(environment[windows]) / "tadarag"
    return home / unix / "tadarag"
