"""A suite runs every set in every form; failures count and may make it invalid."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tadarag.content import content_folder
from tadarag.errors import EncoderBroken, UsageError
from tadarag.evaluation.llm_judge import DIMENSIONS
from tadarag.evaluation.new_suite import make_suite
from tadarag.evaluation.suite_results import blocks
from tadarag.evaluation.suite_run import MEASURES, Ground, SuiteOptions, run_suite
from tadarag.evaluation.suites import load_suite, parse_suite
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.scripted_model import ScriptedModel

TEXTS = {
    "d1": ("Velmouth Ferry", "Ana Terrow founded the Velmouth Ferry in 1987."),
    "d2": ("Lowan Bank", "The Lowan Bank was founded in 1921 by Per Oske."),
    "d3": ("奎伦湾", "奎伦湾第二渡轮码头推迟至2028年春季启用。"),
    **{f"x{n}": (f"Weather {n}", f"Rain fell on day {n} and the wind turned north.") for n in range(20)},
}
QUESTIONS = [
    ("q1", "Who founded the Velmouth Ferry?", {"answers": ["Ana Terrow"], "type": "person"}, "d1"),
    ("q2", "When was the Lowan Bank founded?", {"answers": ["1921"], "type": "date"}, "d2"),
    (
        "q3",
        "奎伦湾第二渡轮码头推迟到什么时候启用？",
        {"answers": ["2028年春季"], "answer_parts": [["2028年春季"], ["春季"]], "type": "date"},
        "d3",
    ),
    ("q4", "What does Ana Terrow eat?", {"answers": ["Insufficient information"], "type": "Null"}, ""),
]


class BrokenFor(HashingEncoder):
    """Cannot read questions that hold a word."""

    def __init__(self, word: str) -> None:
        super().__init__(128)
        self._word = word

    def read(self, text, sentence_spans=(), *, kind="passage"):
        if kind == "query" and self._word in text:
            raise EncoderBroken("no vector", "choose another encoder")
        return super().read(text, sentence_spans, kind=kind)


def write_set(folder: Path) -> None:
    (folder / "qrels").mkdir(parents=True)
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as stream:
        for name, (title, text) in TEXTS.items():
            stream.write(json.dumps({"_id": name, "title": title, "text": text}) + "\n")
    with gzip.open(folder / "queries.jsonl.gz", "wt", encoding="utf-8") as stream:
        for name, text, metadata, _ in QUESTIONS:
            stream.write(json.dumps({"_id": name, "text": text, "metadata": metadata}) + "\n")
    lines = "".join(f"{name}\t{gold}\t1\n" for name, _, _, gold in QUESTIONS if gold)
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n" + lines, encoding="utf-8")


@pytest.fixture
def ground(tmp_path):
    write_set(tmp_path / "data" / "small")
    return Ground(data_folder=tmp_path / "data", encoder=HashingEncoder(128), base_folder=tmp_path / "bases")


def suite(text: str):
    return parse_suite("trial", text)


def test_every_set_runs_with_and_without_titles_and_pools_follow(ground):
    run = run_suite(suite("{titles: [true, false], sets: [{name: small}], pools: {all: [small]}, systems: [tadarag, bm25]}"), ground)
    assert list(blocks(run)) == ["small", "small without titles", "pool all", "pool all without titles"]
    assert run.part("small").systems["tadarag"].values["recall@5"] == (1.0, 1.0, 1.0)
    assert [question.id for question in run.part("small").questions] != ["q4"]
    assert run.invalid() == ()


def test_bases_are_kept_by_set_and_form_and_used_again(ground):
    for _ in range(2):
        run_suite(suite("{titles: [true, false], sets: [{name: small}], systems: [tadarag]}"), ground)
    assert sorted(place.name for place in ground.base_folder.iterdir()) == ["small", "small-no-titles"]


def test_options_of_the_run_come_before_those_of_the_suite(ground):
    options = SuiteOptions(systems=("bm25",), titles=False, limit=2)
    run = run_suite(suite("{titles: [true, false], sets: [{name: small}], systems: [tadarag, bm25]}"), ground, options)
    assert [part.name for part in run.parts] == ["small without titles"]
    assert tuple(run.parts[0].systems) == ("bm25",)


def test_halves_part_the_questions(ground):
    both = [run_suite(suite("{sets: [{name: small}], systems: [bm25]}"), ground, SuiteOptions(half=half)) for half in ("A", "B")]
    asked = [{question.id for question in run.parts[0].questions} for run in both]
    assert asked[0] | asked[1] == {"q1", "q2", "q3"}
    assert not asked[0] & asked[1]


def test_a_question_that_fails_is_a_miss_and_makes_a_small_run_invalid(ground, tmp_path):
    broken = Ground(data_folder=ground.data_folder, encoder=BrokenFor("Lowan"))
    run = run_suite(suite("{sets: [{name: small}], systems: [tadarag]}"), broken)
    values = run.part("small").systems["tadarag"]
    asked = [question.id for question in run.part("small").questions]
    assert values.values["recall@5"][asked.index("q2")] == 0
    assert values.failed == {"q2": "EncoderBroken: no vector choose another encoder"}
    assert "1 of 3 items failed" in run.invalid()[0]


def test_the_control_stays_near_chance(ground):
    part = run_suite(suite("{sets: [{name: small}], systems: [tadarag]}"), ground).part("small")
    assert part.chance == pytest.approx(20 / 23)
    assert 0 <= part.control["tadarag"] <= 1


def test_answers_of_other_systems_come_from_what_they_found(ground):
    run = run_suite(suite("{task: answers, sets: [{name: small}], systems: [tadarag, bm25]}"), ground)
    part = run.part("small")
    place = [question.id for question in part.questions].index("q1")
    assert part.systems["tadarag"].values["exact_match"][place] == 1
    assert part.systems["bm25"].values["exact_match"][place] == 1
    assert {name: system.costs["context_tokens"] > 0 for name, system in part.systems.items()} == {"tadarag": True, "bm25": True}


def test_a_null_question_is_unanswerable_and_parts_are_items(ground):
    part = run_suite(suite("{task: answers, sets: [{name: small}]}"), ground).part("small")
    asked = [question.id for question in part.questions]
    values = part.systems["tadarag"].values
    assert [values["refused_unanswerable"][asked.index(name)] is None for name in ("q1", "q4")] == [True, False]
    assert values["item_recall"][asked.index("q3")] in (0.0, 0.5, 1.0)
    assert values["item_recall"][asked.index("q1")] is None


def test_silence_chooses_its_threshold_on_train_sets_and_reports_the_others(ground):
    text = """
    task: silence
    sets:
      - {name: fit, part: train, corpus: small/corpus.jsonl.gz, queries: small/queries.jsonl.gz, qrels: small/qrels/dev.tsv}
      - {name: small}
    """
    run = run_suite(suite(text), ground)
    assert [part.name for part in run.parts] == ["small"]
    part = run.part("small")
    assert len(part.questions) == 7
    assert "chosen on fit" in part.notes[0]
    assert {"refused_unanswerable_fitted", "refused_answerable_fitted"} <= set(part.systems["tadarag"].values)
    assert part.systems["tadarag"].curve[0][1:] == (0.0, 0.0)
    assert [place.name for place in ground.base_folder.iterdir()] == ["small"]


def test_silence_without_a_train_set_says_that_nothing_was_fitted(ground):
    part = run_suite(suite("{task: silence, sets: [{name: small}]}"), ground).part("small")
    assert "no threshold was fitted" in part.notes[0]
    assert "refused_answerable_fitted" not in part.systems["tadarag"].values


def test_a_new_suite_runs_as_it_is_made(tmp_path):
    pytest.importorskip("sacrebleu")
    pytest.importorskip("nltk")
    make_suite(tmp_path / "mine")
    own = load_suite(str(tmp_path / "mine"))
    marks = json.dumps(dict.fromkeys(DIMENSIONS, 7))
    ground = Ground(data_folder=own.folder, encoder=HashingEncoder(128), language_model=ScriptedModel(marks))
    run = run_suite(own, ground)
    values = run.part("news").systems["tadarag"].values
    assert run.name == "mine"
    assert {"rouge_l", "bleu", "meteor", "item_recall", "judge_clarity", "judge_overall"} <= set(values)
    assert values["judge_overall"] == (0.7,) * 7
    assert run.invalid() == ()


def test_a_judge_that_cannot_be_read_makes_the_run_invalid(tmp_path):
    pytest.importorskip("sacrebleu")
    make_suite(tmp_path / "mine")
    own = load_suite(str(tmp_path / "mine"))
    run = run_suite(own, Ground(data_folder=own.folder, encoder=HashingEncoder(128), language_model=ScriptedModel("ten out of ten")))
    assert "7 of 7 items failed" in run.invalid()[0]
    assert "judge_overall" not in run.part("news").systems["tadarag"].values


def test_without_a_model_the_judge_is_left_out_and_the_report_says_so(tmp_path):
    pytest.importorskip("sacrebleu")
    make_suite(tmp_path / "mine")
    own = load_suite(str(tmp_path / "mine"))
    run = run_suite(own, Ground(data_folder=own.folder, encoder=HashingEncoder(128)))
    assert any("rules alone" in note for note in run.part("news").notes)


def test_other_systems_cannot_be_asked_about_documents_of_ones_own(tmp_path):
    pytest.importorskip("sacrebleu")
    make_suite(tmp_path / "mine")
    own = load_suite(str(tmp_path / "mine"))
    with pytest.raises(UsageError, match="tadarag alone"):
        run_suite(own, Ground(data_folder=own.folder, encoder=HashingEncoder(128)), SuiteOptions(systems=("bm25",)))


def test_a_measure_that_the_task_does_not_have_is_refused_with_those_it_has(ground):
    with pytest.raises(UsageError, match="no measure 'recall@7'") as error:
        run_suite(suite("{sets: [{name: small}], headline: [recall@7]}"), ground)
    assert "recall@5" in error.value.do


def test_every_shipped_suite_names_measures_that_its_task_has():
    for file in content_folder("eval/suites").glob("*.yaml"):
        loaded = load_suite(file.stem)
        assert set(loaded.headline) <= MEASURES[loaded.task], file.name


def test_a_suite_is_not_made_over_something(tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not an empty folder"):
        make_suite(tmp_path)
