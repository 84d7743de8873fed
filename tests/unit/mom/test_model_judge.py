import math
from collections.abc import Sequence

import pytest

from mom.language_model import Completion, Sampling
from mom.model_judge import LikelihoodJudge
from mom.scoring import score_memory
from mom.sentences import split_sentences
from mom.values import Item, Memory, Span

WIND = "The turbine failed in March. Its gearbox lost oil. "
BREAD = "Rye bread needs a sour dough. The dough rises for hours."
TEXT = WIND + BREAD


class CountingModel:
    """A unigram model over the words of its prompt: a word that stands there is likely, any other is not. Says yes where "Rye" comes next."""

    name = "counting"

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def complete(self, system: str, user: str, sampling: Sampling) -> Completion:
        return Completion(text="", prompt_tokens=0, completion_tokens=0, are_estimates=False)

    def count_tokens(self, text: str) -> tuple[int, bool]:
        return len(text.split()), False

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...]:
        known = set(prompt.lower().split())
        return tuple(math.log(0.5 if word.lower() in known else 0.01) for word in continuation.split())

    def choice_logits(self, prompt: str, choices: Sequence[str]) -> tuple[float, ...]:
        self.prompts.append(prompt)
        is_new = prompt.partition("Text after:\n")[2].startswith("Rye")
        first_wins = 0.5 if prompt.endswith("Answer yes or no.\nAnswer:") else -0.5  # likes the word that was named first
        return (1.3 + first_wins if is_new else -1.0 + first_wins, 0.2)


def memory_of(*chunks: str, statement: str = "") -> Memory:
    items, start = [], 0
    for chunk in chunks:
        sentences = tuple(split_sentences(chunk, start=start))
        items.append(Item(Span(start, start + len(chunk)), (), sentences, sentences[:1], 0, statement=statement))
        start += len(chunk)
    return Memory(tuple(items), (), "general", "test")


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_a_boundary_is_the_mean_over_both_orders_of_the_words() -> None:
    scored = score_memory(TEXT, memory_of(WIND, BREAD), judge=LikelihoodJudge(model=CountingModel()))
    assert scored.scores is not None
    assert scored.scores.judge == "counting"
    assert scored.scores.published_clarity == pytest.approx((sigma(1.6) + sigma(0.6)) / 2, abs=1e-6)


def test_the_gaps_inside_chunks_are_asked_for_too() -> None:
    verdicts = LikelihoodJudge(model=CountingModel()).judge(TEXT, memory_of(WIND, BREAD))
    assert [len(verdict.inner) for verdict in verdicts] == [1, 1]
    assert verdicts[0].inner[0] == pytest.approx((sigma(-0.7) + sigma(-1.7)) / 2)


def test_a_question_shows_at_most_200_tokens_on_each_side() -> None:
    text = " ".join(f"Sentence number {n} speaks of nothing but the weather of day {n}." for n in range(100))
    model = CountingModel()
    LikelihoodJudge(model=model).judge(text, memory_of(text))
    assert max(len(prompt.split()) for prompt in model.prompts) < 2 * 200 + 40
    assert all("Text before:\nSentence" in prompt for prompt in model.prompts)


def test_gain_is_the_share_of_the_loss_that_the_core_takes_away() -> None:
    verdict = LikelihoodJudge(model=CountingModel()).judge(WIND, memory_of(WIND, statement="the turbine failed in march."))[0]
    alone, given = -math.log(0.01), -(5 * math.log(0.5) + 4 * math.log(0.01)) / 9
    assert verdict.loss == pytest.approx(given)
    assert verdict.gain == pytest.approx(1 - given / alone)
    assert (verdict.chunk_length, verdict.core_length) == (9, 5)


def test_without_a_core_there_is_no_gain() -> None:
    memory = memory_of(WIND)
    bare = Memory((Item(memory.items[0].span, (), memory.items[0].sentences, (), 0),), (), "general", "test")
    verdict = LikelihoodJudge(model=CountingModel()).judge(WIND, bare)[0]
    assert (verdict.gain, verdict.core_length) == (0.0, 0)


def test_chinese_is_asked_in_chinese() -> None:
    text = "风力发电机三月停机。齿轮箱漏油。黑麦面包需要酸面团。"
    model = CountingModel()
    LikelihoodJudge(model=model).judge(text, memory_of(text))
    assert all(prompt.startswith("前文：") for prompt in model.prompts)
