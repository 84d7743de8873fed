"""The interface in two languages."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
import tadarag_studio
from tadarag_studio.words import TABLE, in_language, language_of

SOURCES = sorted(Path(tadarag_studio.__path__[0]).glob("*.py"))


def fields(text):
    return {name for form in text.split("|") for _, name, _, _ in Formatter().parse(form) if name}


def test_both_languages_say_a_thing_with_the_same_values():
    assert [key for key, (english, chinese) in TABLE.items() if fields(english) != fields(chinese) or not english or not chinese] == []


def test_chinese_words_are_chinese():
    assert [key for key, (_, chinese) in TABLE.items() if not re.search(r"[\u4e00-\u9fff]", chinese)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_word_that_a_page_says_is_in_the_table(source):
    calls = [node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    said = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "say" and isinstance(call.args[0], ast.Constant)
    }
    assert said <= set(TABLE)


def test_no_word_of_the_table_is_left_unsaid():
    pages = "".join(source.read_text(encoding="utf-8") for source in SOURCES).replace("'", '"')
    names = (
        "task_",
        "answer_",
        "kind_",
        "domain_",
        "stage_",
        "layer_",
        "pipeline_",
        "status_",
        "scenario_",
        "score_",
        "alias_",
    )  # said by name
    assert [key for key in TABLE if pages.count(f'"{key}"') < 2 and not key.startswith(names)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_pages_use_public_names_only(source):
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module.startswith("tadarag"):
            assert node.module in ("tadarag", "tadarag.graph_json")
            assert not [alias.name for alias in node.names if alias.name.startswith("_")]


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("zh-Hant-TW", "zh"), ("en-GB", "en"), ("de", "en"), (None, "en")])
def test_the_browser_s_locale_chooses_the_language(locale, language):
    assert language_of(locale) == language


def test_one_has_its_singular():
    assert in_language("en", "n_documents", n=1) == "1 document"
    assert in_language("en", "n_documents", n=2) == "2 documents"
    assert in_language("zh", "n_documents", n=1) == "1 篇文档"
