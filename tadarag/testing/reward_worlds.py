"""A short source text in English and one in Chinese, each with a question and what an honest graph of it says: a world for tests of rewards."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.components import template_of
from tadarag.span import Span
from tadarag.training.rewards.gates import Scored, Scoring, score_completion
from tadarag.training.rewards.sample import RewardItem
from tadarag.training.rewards.weighted import read_weights

GENERAL = template_of("general_knowledge", None)
ENGLISH = (
    "The Tern lamp was shown at the Oslo Light Fair in 1998. It weighs two kilograms and is sold in nine countries, mostly to hotels "
    "along the coast. The Tern lamp was made by Tern Labs, a small workshop near the harbour that also repairs brass lanterns. "
    "Tern Labs was founded by Ines Halloran after she had left the shipyard where her father used to work. "
    "The workshop moved twice, and its first building now holds a bakery that opens before dawn. "
    "Visitors who come in winter may watch the glass being blown, and in summer a ferry stops in front of the door every hour."
)
CHINESE = (
    "燕鸥灯于1998年在奥斯陆灯展上首次展出。这盏灯重约两公斤，在九个国家有售，买家大多是沿海的旅馆。"
    "燕鸥灯由燕鸥实验室制造，那是港口附近的一家小作坊，平时也修理旧铜灯。"
    "燕鸥实验室由韩若溪创立，当时她刚离开父亲工作过的造船厂，手头只有几件工具。"
    "作坊搬过两次家，最早的房子如今是一家天亮前就开门的面包店，邻居们常在那里买早点。"
    "冬天来的客人可以看工匠吹玻璃，夏天每个小时都有一班渡轮停在门前，孩子们喜欢在码头等船。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A question with its source, the words of an honest graph, and words that stand nowhere in the source.

    bridge: what leads from the question's thing to the answer. sentences: those that state the two steps.
    """

    question: str
    source: str
    asked: str
    bridge: str
    answer: str
    sentences: tuple[str, str]
    invented: str
    filler: str

    @property
    def item(self) -> RewardItem:
        """The item, with both steps as gold evidence."""
        starts = [self.source.index(sentence) for sentence in self.sentences]
        return RewardItem(
            question=self.question,
            source=self.source,
            answers=(self.answer,),
            task="bridge",
            domain="general_knowledge",
            budget=96,
            evidence=tuple(Span(start, start + len(sentence)) for start, sentence in zip(starts, self.sentences, strict=True)),
        )


WORLDS = {
    "en": World(
        question="Who founded the maker of the Tern lamp?",
        source=ENGLISH,
        asked="Tern lamp",
        bridge="Tern Labs",
        answer="Ines Halloran",
        sentences=(
            "The Tern lamp was made by Tern Labs, a small workshop near the harbour that also repairs brass lanterns.",
            "Tern Labs was founded by Ines Halloran after she had left the shipyard where her father used to work.",
        ),
        invented="Bertrand Quill",
        filler="widely admired and remembered by many people for reasons that nobody could explain ",
    ),
    "zh": World(
        question="燕鸥灯的制造者是由谁创立的？",
        source=CHINESE,
        asked="燕鸥灯",
        bridge="燕鸥实验室",
        answer="韩若溪",
        sentences=(
            "燕鸥灯由燕鸥实验室制造，那是港口附近的一家小作坊，平时也修理旧铜灯。",
            "燕鸥实验室由韩若溪创立，当时她刚离开父亲工作过的造船厂，手头只有几件工具。",
        ),
        invented="白立德",
        filler="人们至今仍怀念其作品并赞不绝口",
    ),
}


def entity(name: str, kind: str, description: str = "") -> str:
    """One line of the wire format."""
    return f'("Entity", "{name}", "{kind}", "{description}")\n'


def relation(head: str, name: str, tail: str, evidence: str) -> str:
    """One line of the wire format."""
    return f'("Relation", "{head}", "{name}", "{tail}", "{evidence}")\n'


END = "<|COMPLETE|>\n"


def honest_body(world: World, *, made_by: str = "created_by", founded_by: str = "founded_by", about: str = "") -> str:
    """The three things and two facts that answer the question."""
    return (
        entity(world.asked, "product", about)
        + entity(world.bridge, "organization")
        + entity(world.answer, "person")
        + relation(world.asked, made_by, world.bridge, world.sentences[0])
        + relation(world.bridge, founded_by, world.answer, world.sentences[1])
    )


def honest(world: World) -> str:
    """The honest graph with its end mark."""
    return honest_body(world) + END


def scoring_of(gain: float, mode: str = "both") -> Scoring:
    """Scoring in which the frozen answerer gains so much, whatever the graph."""
    return Scoring(weights=read_weights(mode=mode), template_of=lambda domain: GENERAL, gain_of=lambda graph, item: gain)


def scored(world: World, completion: str, gain: float, mode: str = "both") -> Scored:
    """The reward of a completion in a world."""
    return score_completion(completion, world.item, scoring_of(gain, mode))
