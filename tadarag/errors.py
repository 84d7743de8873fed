"""Every error that a user can cause or repair.

TadaragError
├── UsageError              a wrong argument, option, filter or configuration key
├── DocumentError           one document cannot be read; it is quarantined and the rest goes on
├── BaseError               the base as a whole
│   ├── BaseMissing         there is no base at that place
│   ├── BaseBusy            another process holds the writer's lock
│   ├── BaseDamaged         the truth does not pass its checks
│   ├── IndexDamaged        a derived index does not pass its checks (it can be rebuilt)
│   ├── FormatMismatch      the base was written by another version
│   └── EncoderMismatch     the vectors come from another encoder
├── Refused                 a safety limit stopped the action (a sync that would remove much, a budget)
├── ModelError              a model or endpoint
│   ├── EncoderBroken       an encoder gave unusable vectors
│   ├── ModelFileDamaged    a model file is missing or its hash is wrong
│   └── EndpointError       a remote model failed after its retries
│       └── ContextOverflow the messages do not fit the model's context
├── TemplateError           a domain template does not pass its checks
├── TrainingError           a recipe does not pass its checks, or one of its stages failed
├── PluginError             an entry point is missing or claimed twice
├── GraphServerError        a graph database cannot be reached, or refused something
└── ContentMissing          a shipped content folder cannot be found
"""


class TadaragError(Exception):
    """Root of all errors that a user can cause or repair: what happened, and what to do about it."""

    def __init__(self, happened: str, do: str) -> None:
        super().__init__(happened, do)  # both in args, so that it survives pickling out of a worker process

    @property
    def happened(self) -> str:
        """What happened, with the names and values involved."""
        return str(self.args[0])

    @property
    def do(self) -> str:
        """What to do about it."""
        return str(self.args[1])

    def __str__(self) -> str:
        return "\n".join(str(part) for part in self.args)


class UsageError(TadaragError):
    """A wrong argument, option, filter or configuration key."""


class DocumentError(TadaragError):
    """One document cannot be read; it is quarantined with this reason and the rest goes on."""


class BaseError(TadaragError):
    """The knowledge base as a whole cannot be used as asked."""


class BaseMissing(BaseError):
    """There is no knowledge base at that place."""


class BaseBusy(BaseError):
    """Another process holds the writer's lock."""


class BaseDamaged(BaseError):
    """The truth (the database) does not pass its checks."""


class IndexDamaged(BaseError):
    """A derived index does not pass its checks; it can be rebuilt from the truth."""


class FormatMismatch(BaseError):
    """The base was written by another version of the format."""


class EncoderMismatch(BaseError):
    """The vectors of the base come from another encoder."""


class Refused(TadaragError):
    """A safety limit stopped the action."""


class ModelError(TadaragError):
    """A model or a model endpoint cannot be used."""


class EncoderBroken(ModelError):
    """An encoder gave a vector that is all zero, constant or not finite."""


class ModelFileDamaged(ModelError):
    """A model file is missing or its hash is wrong."""


class EndpointError(ModelError):
    """A remote model failed after its retries."""


class ContextOverflow(EndpointError):
    """The messages do not fit the model's context."""


class TemplateError(TadaragError):
    """A domain template does not pass its checks; the first of its problems is named with file and line."""


class TrainingError(TadaragError):
    """A training recipe does not pass its checks (file and line are named), or one of its stages failed."""


class PluginError(TadaragError):
    """An entry point is missing or claimed by more than one package."""


class GraphServerError(TadaragError):
    """A graph database cannot be reached, or refused what was asked of it."""


class ContentMissing(TadaragError):
    """A content folder of the product cannot be found."""
