"""What a written memory is rewarded with: every way to look good without being so scores below an honest memory."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mom
from mom.chains import Source, export_training
from mom.reply import OutlineLine, Reply, Scenario, format_reply, parse_reply
from tadarag.errors import TrainingError
from tadarag.training.memory_reader.memory_sample import MemoryTask
from tadarag.training.memory_reader.memory_scoring import (
    GATE,
    REWARD_NAMES,
    function_weights,
    memory_reward_functions,
    memory_weights,
    require_spread,
    score_reply,
)
from tadarag.training.memory_reader.memory_terms import MEMORY_TERMS, MEMORY_WEIGHTS
from tadarag.training.memory_reader.tiny_documents import make_documents

WEIGHTS = memory_weights()
ENGLISH, CHINESE = make_documents(2, seed=1)


def honest(document, *, thinking="without"):
    """The task and the target of a document's own memory."""
    memory = mom.build(document.text)
    [record] = export_training([Source(doc_id="d", text=document.text, memory=memory)], thinking=thinking, by_sections=True)
    task = MemoryTask(document=document.text, scenario=record["scenario"], thinks=thinking == "with")
    return task, record["target"], memory


def reward(document, change):
    """The reward of a document's honest reply after a change."""
    task, target, _ = honest(document)
    return score_reply(format_reply(change(parse_reply(target))), task, WEIGHTS)


def with_cores(write):
    return lambda reply: replace(reply, scenarios=tuple(replace(one, core=write(one)) for one in reply.scenarios))


def one_chunk(reply):
    first, last = reply.scenarios[0], reply.scenarios[-1]
    return Reply(outline=reply.outline[:1], scenarios=(Scenario(first.head, last.tail, first.core),))


def each_sentence(document):
    sentences = [span.of(document.text) for span in mom.split_sentences(document.text)]
    scenarios = tuple(Scenario(one[:20], one[-20:], one) for one in sentences)
    return lambda reply: Reply(outline=tuple(OutlineLine("a line") for _ in sentences), scenarios=scenarios)


def test_there_is_a_weight_for_every_term_and_no_other():
    assert set(MEMORY_WEIGHTS) == set(MEMORY_TERMS)
    assert set(MEMORY_TERMS) == {"clarity", "completeness", "found", "overlong", "unsupported", "repairs", "unequal", "bad_path"}


@pytest.mark.parametrize("thinking", ["with", "without"])
@pytest.mark.parametrize("document", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_an_honest_memory_is_worth_its_repaired_scores(document, thinking):
    task, target, memory = honest(document, thinking=thinking)
    scored = score_reply(target, task, WEIGHTS)
    assert scored.terms["clarity"] == memory.scores.repaired_clarity
    assert scored.terms["completeness"] == memory.scores.repaired_completeness
    assert scored.total == pytest.approx(0.5 * memory.scores.repaired_clarity + memory.scores.repaired_completeness + 0.2)


@pytest.mark.parametrize("document", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("attack", ["copies", "empty", "two letters", "invented", "one chunk", "each sentence", "no outline", "shuffled"])
def test_an_attack_is_worth_less_than_an_honest_memory(document, attack):
    changes = {
        "copies": with_cores(lambda one: document.text[:600]),
        "empty": with_cores(lambda one: ""),
        "two letters": with_cores(lambda one: one.core[:2]),
        "invented": with_cores(lambda one: "Queen Margaret sold 9412 parrots to Peru on Friday."),
        "one chunk": one_chunk,
        "each sentence": each_sentence(document),
        "no outline": lambda reply: replace(reply, outline=()),
        "shuffled": lambda reply: replace(reply, scenarios=reply.scenarios[::-1]),
    }
    plain = reward(document, lambda reply: reply)
    assert reward(document, changes[attack]).total < plain.total - 0.1


def test_gates_fail_one_after_the_other_and_a_later_one_costs_less():
    task, target, _ = honest(ENGLISH)
    unended = score_reply(target[: len(target) // 2], task, WEIGHTS)
    unreadable = score_reply("</scenario>", task, WEIGHTS)
    lost = score_reply("<outline>\na\n</outline>\n<scenario><chunk>qqqqqqqqqq[MASK]zzzzzzzzzz</chunk>core</scenario>", task, WEIGHTS)
    assert [one.failed for one in (unended, unreadable, lost)] == ["G0", "G1", "G2"]
    assert unended.total < unreadable.total < lost.total < 0
    assert lost.terms["clarity"] is None


def test_thoughts_that_are_missing_or_not_asked_for_cost():
    task, target, _ = honest(ENGLISH)
    asked = replace(task, thinks=True)
    assert score_reply(target, asked, WEIGHTS).terms["bad_path"] == 1
    assert score_reply(f"<think>\nTwo topics.\n</think>\n{target}", task, WEIGHTS).terms["bad_path"] == 1
    quoted = f"<think>\n{task.document}\n</think>\n{target}"
    assert score_reply(quoted, asked, WEIGHTS).terms["bad_path"] == 1


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="<>/outlinescenariochunk[MASK] ab.\n", max_size=120))
def test_whatever_is_written_has_a_reward_that_is_a_number_and_no_more_than_can_be_won(text):
    task, _, _ = honest(ENGLISH)
    scored = score_reply(text + "</scenario>", task, WEIGHTS)
    assert -3 < scored.total <= sum(weight for _, weight in WEIGHTS.values if weight > 0)


def test_every_term_is_a_function_of_its_own_for_the_trainer_with_its_weight():
    task, target, _ = honest(ENGLISH)
    functions = memory_reward_functions(WEIGHTS)
    assert tuple(function.__name__ for function in functions) == REWARD_NAMES
    columns = {"document": [task.document] * 2, "scenario": [task.scenario] * 2, "thinks": [False] * 2}
    values = {function.__name__: function(["", ""], [target, "nothing"], **columns) for function in functions}
    assert values[GATE] == [0.0, -0.5]
    assert values["clarity"][1] is None
    weighed = dict(zip(REWARD_NAMES, function_weights(functions, WEIGHTS), strict=True))
    assert weighed[GATE] == 1.0
    assert weighed["overlong"] == MEMORY_WEIGHTS["overlong"]


def test_a_run_in_which_no_outcome_varied_is_refused():
    flat = [{"rewards/clarity/std": None, "rewards/completeness/std": 0.0, "rewards/found/std": 0.4}]
    with pytest.raises(TrainingError, match="only form was learned"):
        require_spread(flat)
    require_spread([*flat, {"rewards/clarity/std": 0.01}])


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"claritty": 1}, "claritty"),
        ({"overlong": 0.5}, "bad thing"),
        ({"found": 5}, "format"),
        ({"clarity": 0, "completeness": 0}, "format"),
    ],
)
def test_weights_that_would_teach_form_or_mean_nothing_are_refused(stated, said):
    with pytest.raises(TrainingError, match=said):
        memory_weights(stated)
