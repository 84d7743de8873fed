"""Which tier reads each document of one ingest: the flag, else what was decided before, else the setting; the budget has the last word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tadarag.budget import Purse
from tadarag.components import Components
from tadarag.derivation import units_of
from tadarag.errors import FormatMismatch
from tadarag.extraction.llm_prompt import ask_about
from tadarag.readings import AskingUnits
from tadarag.store.protocol import Decision
from tadarag.tiers import AUTO, TierOf, cheaper, made_by, routed_tier, tiers_of
from tadarag.values import Document


@dataclass(frozen=True, slots=True)
class Choice:
    """The tier of a document; lowered: why it is not the one that was wanted, "" where it is."""

    tier: str
    lowered: str = ""


@dataclass(slots=True)
class TierChoice:
    """The choices of one ingest. A class because equal contents are given one tier, and calls under way are set aside.

    components: of the ingest, with its readings; `tier_of` of these is kept up to date here. asked: the flag ("" for none), for present documents
    too; usual: the setting, for new ones. Both may be "auto". Raises UsageError when the tier asked for cannot be made here.
    """

    components: Components
    purse: Purse
    decisions: Sequence[Decision] = ()
    asked: str = ""
    usual: str = ""
    _decided: dict[str, TierOf] = field(init=False)
    _tier_of: dict[str, str] = field(init=False)
    _chosen: dict[str, Choice] = field(default_factory=dict)
    _made_by: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._decided = tiers_of(self.decisions)
        self._tier_of = {content: one.tier for content, one in self._decided.items() if one.tier != self.components.tier}
        for tier in {self.asked, self.usual} - {"", AUTO}:
            self.components.extractor_of(tier)

    @property
    def tier_of(self) -> dict[str, str]:
        """The tier by content, of those that are not read by the base's own extractor: what the derivation looks up."""
        return self._tier_of

    def choose(self, content: str, document: Document) -> Choice:
        """The tier for a document, noted for the derivation. Raises FormatMismatch where that tier's extractor is not what it was."""
        if content not in self._chosen:
            choice = self._within_budget(self._wanted(content, document), document)
            self._stands_behind(choice.tier)
            self._chosen[content] = choice
            if choice.tier == self.components.tier:
                self._tier_of.pop(content, None)
            else:
                self._tier_of[content] = choice.tier
        return self._chosen[content]

    def may_differ(self, contents: Iterable[str]) -> bool:
        """Whether any of these present contents may have to be read by another tier; what "auto" means, only the document tells."""
        return bool(self.asked) and (self.asked == AUTO or any(self.tier_before(content) != self.asked for content in contents))

    def is_due(self, content: str, document: Document) -> bool:
        """Whether a present document is to be read again by another tier than before; only a flag asks for that."""
        if not self.asked or content in self._chosen:
            return False
        return self.choose(content, document).tier != self.tier_before(content)

    def tier_before(self, content: str) -> str:
        """The tier that a present content has by the decisions so far."""
        return self._decided[content].tier if content in self._decided else self.components.tier

    def decided(self, content: str) -> tuple[Decision, ...]:
        """The decisions to record with a document of that content, now that it has been derived."""
        tier = self._chosen[content].tier
        before, after = self._decided.get(content), None
        if tier != self.components.tier:
            after = TierOf(content, tier, self._stands_behind(tier))
        if before == after:
            return ()
        withdrawn = (before.decision(is_withdrawn=True),) if before else ()
        if after is None:
            self._decided.pop(content)
            return withdrawn
        self._decided[content] = after
        return (*withdrawn, after.decision())

    def _wanted(self, content: str, document: Document) -> str:
        if not self.asked and content in self._decided:
            return self._decided[content].tier
        tier = self.asked or self.usual or self.components.tier
        return routed_tier(document, self.components.tiers, self.components.templates)[0] if tier == AUTO else tier

    def _within_budget(self, tier: str, document: Document) -> Choice:
        units = self.components.extractor_of(tier).units
        if self.purse.budget is None or not isinstance(units, AskingUnits):
            return Choice(tier)
        chunks, template = units_of(document, self.components)
        questions = [ask_about(chunk, template) for chunk in chunks]
        readings = self.components.readings
        if self.purse.allows(units, questions, readings.knows if readings else lambda key: False):
            return Choice(tier)
        lower = cheaper(tier, self.components.tiers)
        return Choice(lower, f"the budget of {self.purse.budget} does not allow {tier}")

    def _stands_behind(self, tier: str) -> str:
        """Extractor and templates of a tier. Raises FormatMismatch where documents of the base were read by others under its name."""
        if tier not in self._made_by:
            now = made_by(self.components.extractor_of(tier), self.components.templates)
            if tier != self.components.tier and any(one.tier == tier and one.made_by != now for one in self._decided.values()):
                raise FormatMismatch(
                    f"documents of this base were read by another extractor under the name {tier!r}", "derive them again: tadarag reindex"
                )
            self._made_by[tier] = now
        return self._made_by[tier]


def by_extractors_of_today(decisions: Sequence[Decision], components: Components) -> tuple[Decision, ...]:
    """The decisions on tiers as they read once everything is derived by today's extractors; others are left out, and those for the base's own.

    Raises UsageError or ModelError where a tier that is in use cannot be made here.
    """
    decided = [one for one in tiers_of(decisions).values() if one.tier != components.tier]
    today = {tier: made_by(components.extractor_of(tier), components.templates) for tier in sorted({one.tier for one in decided})}
    return tuple(TierOf(one.content, one.tier, today[one.tier]).decision() for one in decided)
