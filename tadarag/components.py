"""What derives documents: encoder, memory builder, extractors and templates, and what a base freezes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mom.memory_builder import MemoryBuilder, StructuralBuilder
from tadarag.documents.parsing import FINGERPRINT as PARSERS
from tadarag.extraction.extractor import Extractor
from tadarag.extraction.rules import RuleExtractor
from tadarag.extraction.small import load_shipped_extractor, reads_states_of
from tadarag.graph.resolve import RULES as CLUSTER_RULES
from tadarag.ledger import Meter
from tadarag.models.encoder import Encoder
from tadarag.readings import ModelDriven, Readings, Recall, Save
from tadarag.routing.domains import routing_fingerprint
from tadarag.templates.library import shipped_templates
from tadarag.templates.template import GENERAL, Template
from tadarag.tiers import RULES, SMALL, Tiers, made_by

SMALL_BY_DEFAULT = False
"""Whether documents are read by the small extractor where the encoder gives the states that it reads, and not by the rules alone."""
MAX_TOKENS = 200
"""Length of a chunk with its heading path, in the encoder's tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """What derives: encoder, memory builder and extractor, each with its fingerprint, and the templates that tell domains (None: the shipped ones).

    tier: what the extractor is called among the tiers. tiers: the extractors of the other tiers; tier_of: which of these reads a content, by its
    hash; the extractor reads the rest. readings, meter: of the ingest at hand; what models are asked, and what everything takes.
    """

    encoder: Encoder
    builder: MemoryBuilder
    extractor: Extractor
    templates: tuple[Template, ...] | None = None
    tier: str = RULES
    tiers: Tiers = field(default_factory=lambda: Tiers({}))
    tier_of: Mapping[str, str] = field(default_factory=dict)
    readings: Readings | None = None
    meter: Meter = field(default_factory=Meter)

    def tier_for(self, content: str) -> str:
        """The tier that reads a content."""
        return self.tier_of.get(content, self.tier)

    def extractor_of(self, tier: str) -> Extractor:
        """The extractor of a tier. Raises UsageError or ModelError where it cannot be made here."""
        return self.extractor if tier == self.tier else self.tiers[tier]

    def settings(self) -> dict[str, str]:
        """What a base freezes when it is made."""
        return {
            "encoder": self.encoder.fingerprint,
            "dimension": str(self.encoder.dimension),
            "memory": self.builder.fingerprint,
            "extraction": made_by(self.extractor, self.templates),
            "parsers": PARSERS,
            "routing": routing_fingerprint(self.templates),
            "clusters": CLUSTER_RULES,
        }


def default_components(
    encoder: Encoder,
    *,
    builder: MemoryBuilder | None = None,
    extractor: Extractor | None = None,
    templates: tuple[Template, ...] | None = None,
    tiers: Tiers | None = None,
    scenario_folders: tuple[Path, ...] = (),
) -> Components:
    """The components that ship, around an encoder; a builder, extractor or templates that are given take the place of the shipped ones.

    tiers: the extractors that documents may be given beside that one. scenario_folders: of scenarios that the shipped builder reads before the
    shipped ones.
    """
    shipped_tier = SMALL if SMALL_BY_DEFAULT and reads_states_of(encoder) else RULES
    shipped: Extractor = RuleExtractor() if extractor or shipped_tier == RULES else load_shipped_extractor(encoder)
    return Components(
        encoder=encoder,
        builder=builder or structural_builder(encoder, scenario_folders=scenario_folders),
        extractor=extractor or shipped,
        templates=templates,
        tier=extractor.fingerprint if extractor else shipped_tier,
        tiers=tiers or Tiers({}),
    )


def structural_builder(encoder: Encoder, *, scenario_folders: tuple[Path, ...] = ()) -> StructuralBuilder:
    """The memory builder that ships: lengths are in the encoder's tokens."""
    return StructuralBuilder(
        measure=encoder.count_tokens,
        max_length=MAX_TOKENS,
        measure_name=encoder.fingerprint[:16],
        scenario_folders=scenario_folders,
    )


def with_readings(components: Components, recall: Recall, save: Save) -> Components:
    """The components of one ingest: a builder or extractor that asks a model asks it only what `recall` does not know.

    save: records many new replies. What is asked is counted by the meter of the components.
    """
    readings = Readings(recall, save, components.meter)
    builder = components.builder
    return replace(
        components,
        builder=builder.with_model(readings.remembering(builder.model)) if isinstance(builder, ModelDriven) else builder,
        extractor=readings.remembering_extractor(components.tier, components.extractor),
        tiers=components.tiers.through(readings.remembering_extractor),
        readings=readings,
    )


def template_of(domain: str, templates: Sequence[Template] | None) -> Template:
    """The template by which a text of that domain is read: the domain's own, else that of general knowledge, else the first."""
    stated = templates or shipped_templates()
    named = {template.name: template for template in stated}
    return named.get(domain) or named.get(GENERAL) or stated[0]
