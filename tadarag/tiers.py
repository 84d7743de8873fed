"""Tiers: which extractor reads a document, chosen by a person, by rule, or by what a budget leaves; the choice is a recorded decision."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import entry_points

from tadarag.document_json import canonical_json
from tadarag.errors import ModelError, PluginError, UsageError
from tadarag.extraction.extractor import Extractor
from tadarag.models.encoder import Encoder
from tadarag.models.language_model import LanguageModel, estimate_tokens
from tadarag.models.onnx_encoder import shipped_fingerprint
from tadarag.plugins import load_plugin
from tadarag.routing.domains import route_document
from tadarag.store.protocol import TIER, Decision
from tadarag.templates.library import shipped_templates
from tadarag.templates.template import Template
from tadarag.values import Document

GROUP = "tadarag.extractors"
RULES, SMALL, LLM, AUTO = "rules", "small", "llm", "auto"
SHIPPED_TIERS = (RULES, SMALL)
"""Those that the product chooses between for a base to which no extractor is given."""
SHORT, LONG = 60, 30_000
"""Tokens: a shorter document names little that rules miss; a longer one costs a model more than it tells."""
RICH_DOMAINS = frozenset({"bio_medical_research", "finance", "legal_contracts"})
"""Domains whose relations turn on wording that a small model knows least."""
READ_LANGUAGES = frozenset({"en", "zh", "und"})
"""What the rules and the small extractor were made for."""


@dataclass(frozen=True, slots=True)
class Tiers(Mapping[str, Extractor]):
    """Extractors by tier, each made when it is first asked for. makers: how; a maker that cannot raises with its remedy.

    A name may have a colon: what follows is handed to the maker ("gliner:FOLDER").
    """

    makers: Mapping[str, Callable[..., Extractor]]
    _made: dict[str, Extractor] = field(default_factory=dict)
    _ready: dict[str, bool] = field(default_factory=dict)

    def __getitem__(self, tier: str) -> Extractor:
        if tier not in self._made:
            name, colon, weights = tier.partition(":")
            if name not in self.makers:
                raise UsageError(f"there is no tier {name!r}", f"choose one of: {', '.join(sorted({*self.makers, AUTO}))}")
            self._made[tier] = self.makers[name](weights) if colon else self.makers[name]()
        return self._made[tier]

    def __contains__(self, tier: object) -> bool:
        return isinstance(tier, str) and tier.partition(":")[0] in self.makers

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.makers))

    def __len__(self) -> int:
        return len(self.makers)

    def through(self, change: Callable[[str, Extractor], Extractor]) -> Tiers:
        """The same tiers with every extractor changed when it is made."""

        def maker(name: str) -> Callable[..., Extractor]:
            def make(weights: str = "") -> Extractor:
                tier = f"{name}:{weights}" if weights else name
                return change(tier, self[tier])

            return make

        return Tiers({name: maker(name) for name in self.makers})

    def is_ready(self, tier: str) -> bool:
        """Whether a tier's extractor can be made here: its model is set, its weights and its extra are installed."""
        if tier not in self._ready:
            try:
                self._ready[tier] = self[tier] is not None
            except (UsageError, ModelError, PluginError):
                self._ready[tier] = False
        return self._ready[tier]


def installed_tiers(*, model: LanguageModel | None = None, encoder: Encoder | None = None) -> Tiers:
    """The extractors of the entry-point group `tadarag.extractors`, by name; nothing is loaded before it is asked for: see `make_extractor`."""

    def maker(name: str) -> Callable[..., Extractor]:
        return lambda weights="": make_extractor(name, weights=weights, model=model, encoder=encoder)

    return Tiers({name: maker(name) for name in sorted(entry_points(group=GROUP).names)})


def make_extractor(name: str, *, weights: str = "", model: LanguageModel | None = None, encoder: Encoder | None = None) -> Extractor:
    """The extractor of that name. Raises PluginError, which names those that are installed, and UsageError for one that lacks its model.

    An entry point is a callable that can be called without arguments; one that has a parameter `model` is given the language model of the
    settings, one that has `encoder` the base's encoder where this is the shipped one, one that has `weights` what follows the name's colon.
    """
    factory = load_plugin(GROUP, name)
    takes = inspect.signature(factory).parameters
    if weights and "weights" not in takes:
        raise UsageError(f"the tier {name!r} takes nothing after a colon", f"write: {name}")
    given = {"model": model, "encoder": encoder if encoder and encoder.fingerprint == shipped_fingerprint() else None, "weights": weights}
    extractor: Extractor = factory(**{key: value for key, value in given.items() if key in takes})
    return extractor


def cheaper(tier: str, tiers: Tiers) -> str:
    """The next cheaper tier that can be made here: from anything to the small extractor, from that to the rules."""
    return SMALL if tier not in (SMALL, RULES) and tiers.is_ready(SMALL) else RULES


def routed_tier(document: Document, tiers: Tiers, templates: Sequence[Template] | None = None) -> tuple[str, str]:
    """The tier that `auto` means for a document, and why: a pure function of the document, the templates and which tiers can be made here.

    By length, then language, then domain: short documents are read by rules, long ones by the small extractor; languages that only a
    language model reads, and the domains of RICH_DOMAINS, by that; everything else by the small extractor. A tier that cannot be made gives way to the
    next cheaper one.
    """
    wanted, reason = _wanted_tier(document, templates)
    if wanted != RULES and not tiers.is_ready(wanted):
        return cheaper(wanted, tiers), f"{reason}; {wanted} is not set up here"
    return wanted, reason


def _wanted_tier(document: Document, templates: Sequence[Template] | None) -> tuple[str, str]:
    n_tokens = estimate_tokens(document.text)
    if n_tokens < SHORT:
        return RULES, "short"
    if n_tokens > LONG:
        return SMALL, "long"
    if document.language.split("-")[0] not in READ_LANGUAGES:
        return LLM, f"language {document.language}"
    domain, _ = route_document(document, templates)
    return (LLM if domain in RICH_DOMAINS else SMALL), f"domain {domain}"


@dataclass(frozen=True, slots=True, order=True)
class TierOf:
    """A document's content is read by a tier. made_by: the extractor and the templates that stand behind its name."""

    content: str
    tier: str
    made_by: str

    def decision(self, *, is_withdrawn: bool = False) -> Decision:
        """As the store keeps it."""
        return Decision(kind=TIER, body=canonical_json(["content", self.content, self.tier, self.made_by]), is_withdrawn=is_withdrawn)


def tiers_of(decisions: Sequence[Decision]) -> dict[str, TierOf]:
    """The decisions on tiers by content hash; a content of which there are two has the last, in their order."""
    bodies = (json.loads(decision.body) for decision in decisions if decision.kind == TIER)
    return {content: TierOf(content, tier, made_by) for _, content, tier, made_by in bodies}


def made_by(extractor: Extractor, templates: Sequence[Template] | None) -> str:
    """The extractor's fingerprint, and where it reads by templates a hash of these: what its extractions depend on beside the document."""
    if extractor.units is None:
        return extractor.fingerprint
    stated = sorted(template.fingerprint for template in templates or shipped_templates())
    return f"{extractor.fingerprint}+{sha256(repr(stated).encode()).hexdigest()[:12]}"
