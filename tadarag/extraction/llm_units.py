"""The extractor that asks a language model about one chunk at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from tadarag.document_json import canonical_json
from tadarag.errors import ContextOverflow, EndpointError
from tadarag.extraction.extractor import Unit
from tadarag.extraction.llm_grounding import ground
from tadarag.extraction.llm_prompt import PROMPTS, Question, ask_about
from tadarag.extraction.llm_reply import parse_reply
from tadarag.extraction.prompts import prompts_version
from tadarag.findings import Findings
from tadarag.models.language_model import LanguageModel, Sampling, Tokens
from tadarag.templates.template import Template

RULES = "llm-1"  # raise with every change that can alter what is made of the same replies
LIKELIEST = Sampling()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """What a model replied. key: of the record that holds the reply, "" when it is not recorded. does_not_fit: it cannot be asked."""

    text: str
    tokens: Tokens
    key: str = ""
    does_not_fit: bool = False


Ask = Callable[[Question], ModelReply]


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmUnits:
    """A `UnitExtractor` over any language model. ask: in place of asking it directly, such as one that remembers the replies.

    sampling: the likeliest reply by default, so that an endpoint that can repeats itself.
    """

    model: LanguageModel
    sampling: Sampling = LIKELIEST
    ask: Ask | None = None

    @property
    def fingerprint(self) -> str:
        """Rules, prompts, model and sampling."""
        return "/".join((RULES, prompts_version(*PROMPTS), self.asked))

    @property
    def trunk(self) -> str:
        """Empty: it reads text, not states."""
        return ""

    @property
    def asked(self) -> str:
        """The model and how its reply is drawn, where that is not the likeliest."""
        name = self.model.name
        return name if self.sampling == LIKELIEST else f"{name}:{canonical_json(asdict(self.sampling))}"

    def with_ask(self, ask: Ask) -> LlmUnits:
        """The same extractor with another way to ask."""
        return replace(self, ask=ask)

    def read(self, unit: Unit, template: Template) -> Findings:
        """See `UnitExtractor`. A chunk without words is not asked about; one that does not fit the model's context gives nothing.

        A reply of which nothing can be made counts in `n_ungrounded`. Raises EndpointError when the endpoint fails or breaks off.
        """
        if not any(character.isalnum() for character in unit.text) or not template.entity_types:
            return Findings()
        reply = (self.ask or self.ask_directly)(ask_about(unit, template))
        readings = (reply.key,) if reply.key else ()
        if reply.does_not_fit:
            return Findings(readings=readings)
        return ground(parse_reply(reply.text), unit, template, readings=readings)

    def ask_directly(self, question: Question) -> ModelReply:
        """Ask the model now. Raises EndpointError when it fails or the reply breaks off; one that was cut at its limit is a reply."""
        try:
            events = list(
                self.model.stream(question.messages, max_tokens=question.max_tokens, schema=question.schema, sampling=self.sampling)
            )
        except ContextOverflow:
            return ModelReply(text="", tokens=Tokens(prompt=0, completion=0, are_estimates=False), does_not_fit=True)
        done = events[-1]
        if done.finish == "interrupted" or done.tokens is None:
            raise EndpointError(f"the reply of {self.model.name!r} broke off", "run: tadarag retry")
        return ModelReply(text="".join(event.text for event in events), tokens=done.tokens)
