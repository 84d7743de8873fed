"""Settings: four places, the later wins; unknown keys are errors that name the nearest one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tadarag.cli.settings import KEYS, Settings, base_folder, describe_settings, read_settings, user_config_file, with_setting
from tadarag.errors import UsageError


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose configuration folder is empty."""
    return {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "config")}


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_without_any_setting_the_defaults_hold(tmp_path: Path, home: dict[str, str]) -> None:
    settings = read_settings(flags={}, environment=home, documents=tmp_path)
    assert settings == Settings()
    assert {origin for _, _, origin in describe_settings(settings)} == {"default"}


def test_each_later_place_wins_and_is_named_as_the_origin(tmp_path: Path, home: dict[str, str]) -> None:
    _write(base_folder(tmp_path) / "tadarag.toml", 'limit = 2\npipeline = "evidence-only"\nworkers = 1\nbudget_tokens = 5\n')
    _write(user_config_file(home), "limit = 3\nworkers = 2\nbudget_tokens = 6\n")
    environment = {**home, "TADARAG_LIMIT": "4", "TADARAG_WORKERS": "3"}
    settings = read_settings(flags={"limit": 5}, environment=environment, documents=tmp_path)
    assert (settings.pipeline, settings.budget_tokens, settings.workers, settings.limit) == ("evidence-only", 6, 3, 5)
    origins = {name: origin for name, _, origin in describe_settings(settings)}
    assert origins["pipeline"] == str(base_folder(tmp_path) / "tadarag.toml")
    assert origins["budget_tokens"] == str(user_config_file(home))
    assert origins["workers"] == "variable TADARAG_WORKERS"
    assert origins["limit"] == "flag --limit"


def test_a_flag_that_is_not_given_does_not_hide_what_is_set_elsewhere(tmp_path: Path, home: dict[str, str]) -> None:
    settings = read_settings(flags={"limit": None}, environment={**home, "TADARAG_LIMIT": "7"}, documents=tmp_path)
    assert settings.limit == 7


def test_the_file_of_the_base_is_looked_for_where_the_base_is_set_to_be(tmp_path: Path, home: dict[str, str]) -> None:
    _write(tmp_path / "elsewhere" / ".tadarag" / "tadarag.toml", "limit = 9\n")
    settings = read_settings(flags={"base": str(tmp_path / "elsewhere")}, environment=home, documents=tmp_path)
    assert settings.limit == 9
    assert settings.base == tmp_path / "elsewhere"


def test_the_base_may_be_named_by_its_hidden_folder_too(tmp_path: Path) -> None:
    assert base_folder(tmp_path / ".tadarag") == base_folder(tmp_path)


def test_a_table_of_the_file_holds_the_model(tmp_path: Path, home: dict[str, str]) -> None:
    _write(user_config_file(home), '[model]\nurl = "http://127.0.0.1:8080/v1"\nname = "small"\n')
    settings = read_settings(flags={}, environment=home, documents=tmp_path)
    assert (settings.model_url, settings.model_name) == ("http://127.0.0.1:8080/v1", "small")


@pytest.mark.parametrize(
    ("text", "happened", "do"),
    [
        ("limmit = 3\n", "unknown key 'limmit'", "did you mean 'limit'?"),
        ("[model]\nnmae = 'x'\n", "unknown key 'model.nmae'", "did you mean 'model.name'?"),
        ("colour = 'red'\n", "unknown key 'colour'", "the known ones are: base, budget_tokens"),
        ("limit = '3'\n", "limit is '3'", "a whole number"),
        ("limit = true\n", "limit is True", "a whole number"),
        ("limit = 0\n", "limit is 0", "at least 1"),
        ("workers = -1\n", "workers is -1", "at least 0"),
        ("pipeline = 3\n", "pipeline is 3", "text in quotation marks"),
        ("limit = = 3\n", "not valid TOML", "mend or remove"),
        ("[model]\napi_key = 'x'\n", "a secret", "TADARAG_MODEL_API_KEY"),
    ],
)
def test_a_wrong_file_is_an_error_that_says_what_to_do(tmp_path: Path, home: dict[str, str], text: str, happened: str, do: str) -> None:
    _write(user_config_file(home), text)
    with pytest.raises(UsageError) as caught:
        read_settings(flags={}, environment=home, documents=tmp_path)
    assert happened in caught.value.happened
    assert str(user_config_file(home)) in caught.value.happened
    assert do in caught.value.do


@pytest.mark.parametrize(
    ("variable", "value", "happened", "do"),
    [
        ("TADARAG_LIMT", "3", "unknown variable TADARAG_LIMT", "did you mean 'TADARAG_LIMIT'?"),
        ("TADARAG_LIMIT", "many", "'many'", "a whole number"),
        ("TADARAG_LIMIT", "0", "limit is 0", "at least 1"),
    ],
)
def test_a_wrong_variable_is_an_error_too(tmp_path: Path, home: dict[str, str], variable: str, value: str, happened: str, do: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(flags={}, environment={**home, variable: value}, documents=tmp_path)
    assert happened in caught.value.happened
    assert do in caught.value.do


def test_an_empty_variable_counts_as_not_set(tmp_path: Path, home: dict[str, str]) -> None:
    assert read_settings(flags={}, environment={**home, "TADARAG_LIMIT": ""}, documents=tmp_path).limit == Settings().limit


def test_a_base_cannot_name_another_base(tmp_path: Path, home: dict[str, str]) -> None:
    _write(base_folder(tmp_path) / "tadarag.toml", 'base = "/elsewhere"\n')
    with pytest.raises(UsageError, match="sets 'base'"):
        read_settings(flags={}, environment=home, documents=tmp_path)


def test_the_key_of_the_endpoint_is_never_shown(tmp_path: Path, home: dict[str, str]) -> None:
    settings = read_settings(flags={}, environment={**home, "TADARAG_MODEL_API_KEY": "s3cret"}, documents=tmp_path)
    assert settings.model_api_key == "s3cret"
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in repr(describe_settings(settings))


def test_every_key_has_a_field_of_the_settings() -> None:
    names = {key.field for key in KEYS} | {"origins"}
    assert names == set(Settings.__slots__)


def test_setting_a_key_replaces_it_and_keeps_the_other_lines() -> None:
    text = 'limit = 3\nencoder = "old"\n\n[model]\nname = "small"\n'
    changed = with_setting(text, "encoder", 'a "quoted" 名')
    assert tomllib.loads(changed) == {"encoder": 'a "quoted" 名', "limit": 3, "model": {"name": "small"}}


def test_setting_a_key_in_an_empty_file_makes_it() -> None:
    assert with_setting("", "encoder", "hashing") == 'encoder = "hashing"\n'
