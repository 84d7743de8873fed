# ruff: noqa: E402  # torch is not installed everywhere
"""What adapting is worth is measured on a fixed draw of a set that was never learned from."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tadarag.errors import TrainingError
from tadarag.evaluation.extraction_data import load_gold
from tadarag.evaluation.measures.typed_spans import Counts, f1_figures
from tadarag.training.adapting.held_out import compare, draw, f1_difference
from tadarag.training.adapting.parts import CHOSEN_ON, HELD_BACK, LEARNED, TYPES
from tadarag.training.adapting.tagger import Tagger, write_tagger
from tadarag.training.extractor_import import import_extractor
from tadarag.training.stage_run import StageRun


def row(text):
    return {"id": text, "text": text, "entities": [{"id": "T1", "start": 0, "end": 4, "type": "word"}], "relations": []}


@pytest.fixture
def drawn(tmp_path):
    """drawn(train, dev, n): the records that are learned from or chosen on, and those that are held back, by their texts."""

    def made(train, dev, n):
        source, out = tmp_path / "source", tmp_path / "out"
        for folder in (source, out):
            folder.mkdir(exist_ok=True)
        (source / "types.json").write_text(json.dumps({"entity_types": {"word": 1}, "relation_types": {}}))
        for name, texts in (("train", train), ("dev", dev)):
            with gzip.open(source / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
                lines.writelines(f"{json.dumps(row(text))}\n" for text in texts)
        draw(StageRun(folder=out, inputs={"whole": source}, parameters={"n": n}, seed=1, device="cpu", report=lambda message: None))
        texts = {name: [one.text for one in load_gold(out / name)] for name in (LEARNED, CHOSEN_ON, HELD_BACK)}
        return sorted(texts[LEARNED] + texts[CHOSEN_ON]), texts[HELD_BACK]

    return made


TRAIN, DEV = [f"text {number}" for number in range(60)], [f"other {number}" for number in range(5)]


def test_the_draw_does_not_depend_on_the_order_and_is_kept_as_far_as_it_goes_when_more_are_drawn(drawn):
    few, held_back = drawn(TRAIN, DEV, 20)
    assert (len(few), held_back) == (20, DEV)
    assert drawn(TRAIN[::-1], DEV, 20)[0] == few
    assert set(few) < set(drawn(TRAIN, DEV, 30)[0])


def test_a_text_that_is_measured_on_is_never_drawn(drawn):
    assert drawn([*TRAIN, *DEV], DEV, 60)[0] == sorted(TRAIN)


def test_a_set_of_too_few_records_is_refused(drawn):
    with pytest.raises(TrainingError, match="60 records to draw from, and 61"):
        drawn(TRAIN, DEV, 61)


def test_the_three_systems_are_judged_on_what_was_held_back(tmp_path):
    names = ("towns", "start", "towns_tagger", "out")
    for name in names:
        (tmp_path / name).mkdir()
    towns = [
        {**row(f"{town} is a town."), "entities": [{"id": "T1", "start": 0, "end": len(town), "type": "LOC"}]} for town in ("Paris", "Rome")
    ]
    (tmp_path / "towns" / TYPES).write_text(json.dumps({"entity_types": {"LOC": 1}, "relation_types": {}}))
    for file in (LEARNED, CHOSEN_ON, HELD_BACK):
        with gzip.open(tmp_path / "towns" / file, "wt", encoding="utf-8") as lines:
            lines.writelines(f"{json.dumps(one)}\n" for one in towns)
    import_extractor(tmp_path / "start")
    silent = Tagger(["LOC"], 1, 1e-12)
    with torch.no_grad():
        silent.tags.bias[0] = 1e3
    write_tagger(tmp_path / "towns_tagger", silent)
    inputs = {name: tmp_path / name for name in names[:3]} | {"towns_adapted": tmp_path / "start"}
    compare(StageRun(folder=tmp_path / "out", inputs=inputs, parameters={}, seed=1, device="cpu", report=lambda message: None))
    found = json.loads((tmp_path / "out" / "figures.json").read_text())["towns"]
    assert (found["n_texts"], found["n_drawn"]) == (2, 4)
    assert found["zero_shot"] == found["adapted"]
    assert found["adapted_minus"]["zero_shot"]["mean"] == 0
    assert found["tagger"]["entities"]["n_found"] == 0
    assert found["adapted_minus"]["tagger"]["mean"] == found["adapted"]["entities"]["f1"] > 0


counts = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)).map(
        lambda one: Counts(n_right=min(one), n_found=one[1], n_gold=one[2])
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20, deadline=None)
@given(counts)
def test_a_system_differs_from_itself_by_nothing(texts):
    assert f1_difference(texts, texts) == {"mean": 0, "low": 0, "high": 0}


@settings(max_examples=20, deadline=None)
@given(counts, st.data())
def test_the_difference_is_that_of_the_two_figures(texts, data):
    others = [Counts(n_right=data.draw(st.integers(0, one.n_gold)), n_found=one.n_gold, n_gold=one.n_gold) for one in texts]
    found = f1_difference(texts, others)
    ours, theirs = (f1_figures(side, n_draws=0)["f1"] for side in (texts, others))
    assert found["mean"] == pytest.approx(ours - theirs, abs=2e-6)
    assert f1_difference(others, texts)["mean"] == pytest.approx(-found["mean"])
