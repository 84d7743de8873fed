"""What the library says in English is said in Chinese to who reads Chinese; nothing is lost where the studio has no words for it."""

import ast
import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from tadarag_studio.library_chinese import CUES, HAPPENED, KINDS, REMEDIES
from tadarag_studio.library_words import in_chinese, reason_in_chinese

import tadarag
from tadarag import errors
from tadarag.routing.heads import question_heads
from tadarag.routing.questions import route_question

PACKAGE = Path(tadarag.__file__).parent
QUESTIONS = [
    "扩港工程由谁承建？",
    "比较甲公司和乙公司在2024年的收入",
    "《扩港工程》讲了什么？",
    "哪些港口的工程的费用超过100万元？",
    "Who is the successor of the harbour master?",
    "Which of the two ferries, the Dusk or the Dawn, is older?",
    "What are the side effects of Fevrolin, and what isn't one of them?",
    "hello",
]


def stated(path):
    """The two parts of each error that a file's `DocumentError(...)` states, with 7 for what is filled in."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "DocumentError":
            parts = [text_of(argument) for argument in node.args]
            if len(parts) == 2 and None not in parts:
                yield tuple(parts)


def text_of(node):
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return node.value if isinstance(node, ast.Constant) else None


def english_in(text):
    """The words in Latin letters that stand outside quotes."""
    return re.findall(r"[A-Za-z]{2,}", re.sub("“[^”]*”", "", text))


REASONS_OF_QUARANTINE = sorted({parts for path in (PACKAGE / "documents").glob("*.py") for parts in stated(path)})


@pytest.mark.parametrize(("happened", "do"), [parts for parts in REASONS_OF_QUARANTINE if parts[0] != "7 is 7"])
def test_every_reason_why_a_document_cannot_be_read_has_its_chinese(happened, do):
    said = in_chinese(happened, do, ["DocumentError"])
    assert said.original == ""
    assert re.search(r"[\u4e00-\u9fff]", said.happened)
    assert re.search(r"[\u4e00-\u9fff]", said.do)


def test_there_are_many_such_reasons():
    assert len(REASONS_OF_QUARANTINE) > 30


@pytest.mark.parametrize("kind", [one for one in vars(errors).values() if inspect.isclass(one)], ids=lambda kind: kind.__name__)
def test_an_error_without_words_of_its_own_is_told_by_its_kind_with_the_original(kind):
    said = in_chinese("the moon is full", "wait for a week", [one.__name__ for one in kind.__mro__])
    assert said.happened == KINDS[kind.__name__]
    assert said.original == "the moon is full\nwait for a week"


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_reasons_of_a_route_hold_no_english_but_the_words_of_the_question(question):
    vector = np.zeros(384, np.float32)
    vector[len(question) % 384] = 1.0
    judged = route_question(question, vector=vector, encoder=question_heads().encoder)
    for reason in (*route_question(question).reasons, *judged.reasons):
        said = reason_in_chinese(reason)
        assert english_in(said) == [], said
        assert not said.startswith("其他")


def test_a_name_with_an_apostrophe_is_read_as_well():
    assert in_chinese('no document names "O\'Hara"', "did you mean 'Hara'?", ["UsageError"]).happened == "没有文档提到“O'Hara”"


def test_a_word_of_the_question_stays_as_it_stands_there():
    assert reason_in_chinese("task fact: 'a, b', the word '的', it wants date") == "任务：事实：“a, b”、含有“的”、期望日期"
    assert reason_in_chinese('domain finance (0.68): its meaning, "it\'s"') == "领域：金融（0.68）：整句的意思、“it's”"


def test_a_reason_of_another_form_is_shown_as_it_is():
    assert reason_in_chinese("the stars said so") == "其他：the stars said so"


@pytest.mark.parametrize("rules", [HAPPENED, REMEDIES, CUES])
def test_a_form_names_every_part_that_its_chinese_shows(rules):
    for form, chinese in rules:
        assert set(re.findall(r"\{(\w+)\}", chinese)) <= set(form.groupindex), form.pattern
