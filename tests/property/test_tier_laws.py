"""Whatever happened to its documents and their tiers, a base equals one that was made of what it holds; and nothing is asked twice."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.budget import Budget
from tadarag.knowledge_base import KnowledgeBase
from tadarag.store.protocol import TIER
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.scripted_extraction import careful_reply
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.tiers import tiers_of

BODIES = (
    "Marie Curie joined the University of Paris. She bought 24 pumps in Geneva.",
    "Ilse Mennick leads the Ostrevir Yard in Quillen. It was founded in 1911.",
    "王伟加入了世界卫生组织。他在日内瓦买了24台水泵。",
    "Nothing of note happened here.",
)
NAMES = ("a.txt", "b.txt", "c.txt")
STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.integers(0, len(BODIES) - 1)),
    st.tuples(st.just("ingest"), st.sampled_from(["", "rules", "llm"]), st.sampled_from([None, 0, 1500, 100_000])),
    st.tuples(st.sampled_from(["delete", "vacuum", "reindex"]), st.sampled_from(NAMES), st.just(0)),
)


def open_base(folder: Path, model: ScriptedModel, *, workers: int = 1) -> KnowledgeBase:
    return KnowledgeBase.open(folder, encoder=HashingEncoder(), language_model=model, workers=workers)


def take(step: tuple[str, str, int | None], base: KnowledgeBase, folder: Path) -> None:
    action, name, number = step
    if action == "write":
        (folder / name).write_text(BODIES[number or 0], encoding="utf-8")
    elif action == "ingest":
        base.ingest(folder, tier=name, budget=None if number is None else Budget(tokens=number))
    elif action == "vacuum":
        base.vacuum()
    elif action == "reindex":
        base.reindex()
    elif any(str(info.source) == name for info in base.list()):
        base.delete(name)


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(STEPS, max_size=8), workers=st.integers(1, 3))
def test_a_base_equals_one_that_was_made_of_its_documents_and_their_tiers(steps: list[tuple[str, str, int | None]], workers: int) -> None:
    model = ScriptedModel(careful_reply)
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        folder, fresh = Path(one), Path(other)
        with open_base(folder, model, workers=workers) as base:
            for step in steps:
                take(step, base, folder)
            decided = tiers_of(base._store.decisions())
            records = list(base.records())
            truth = base.digests().truth
        with open_base(fresh, ScriptedModel(careful_reply)) as rebuilt:
            for record in records:
                (fresh / record.source.path).write_text(record.document.text, encoding="utf-8")
                tier = decided[record.content].tier if record.content in decided else "rules"
                rebuilt.ingest(fresh / record.source.path, tier=tier)
            assert rebuilt.digests().truth == truth


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(STEPS.filter(lambda step: step[0] != "vacuum"), max_size=10))
def test_no_question_is_asked_twice(steps: list[tuple[str, str, int | None]]) -> None:
    model = ScriptedModel(careful_reply)
    with TemporaryDirectory() as place:
        folder = Path(place)
        with open_base(folder, model, workers=3) as base:
            for step in [*steps, ("ingest", "llm", None), ("reindex", "", 0)]:
                take(step, base, folder)
            assert all(decision.kind == TIER for decision in base._store.decisions())
    assert len(model.calls) == len(set(model.calls))
