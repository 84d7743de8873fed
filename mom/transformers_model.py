"""A causal language model on this machine, through the `transformers` library, which is loaded only when one is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mom.language_model import CannotRead, Completion, Sampling


class TransformersModel:
    """Writes, and says how likely given text is. A class because it keeps the loaded model.

    model, tokenizer: as `transformers` loads them. Same text, same settings, same reply on one machine and version; another machine may
    round differently, so replies that are stored are recorded inputs.
    """

    def __init__(self, model: Any, tokenizer: Any, *, name: str) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._name = name
        limit = getattr(model.config, "max_position_embeddings", None)
        self._limit = int(limit) if limit else int(tokenizer.model_max_length)

    @classmethod
    def load(cls, place: str, *, device: str = "cpu", dtype: str = "auto", name: str = "") -> TransformersModel:
        """The model in a folder (or by a name that `transformers` knows). name: the last part of the place by default. Raises ImportError
        without the library."""
        from transformers import AutoModelForCausalLM, AutoTokenizer

        model = AutoModelForCausalLM.from_pretrained(place, dtype=dtype).to(device)
        return cls(model, AutoTokenizer.from_pretrained(place), name=name or place.rstrip("/").rsplit("/", 1)[-1])

    @property
    def name(self) -> str:
        """What it was loaded as."""
        return self._name

    def complete(self, system: str, user: str, sampling: Sampling) -> Completion:
        """The reply; a temperature of 0 takes the likeliest token each time. Raises CannotRead when the question leaves no room for one."""
        import torch

        ids = self._ids(chat_prompt(self._tokenizer, system, user))
        room = self._limit - ids.shape[1]
        if room < 1:
            raise CannotRead(f"{ids.shape[1]} tokens do not fit the {self._limit} of {self._name}")
        drawn = (
            {"do_sample": True, "temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}
            if sampling.temperature > 0
            else {"do_sample": False}
        )
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(sampling.seed)
            made = self._model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=min(sampling.max_tokens, room),
                repetition_penalty=sampling.repetition_penalty,
                pad_token_id=self._filler(),
                **drawn,
            )[0, ids.shape[1] :]
        ended = len(made) < min(sampling.max_tokens, room) or int(made[-1]) == self._tokenizer.eos_token_id
        return Completion(
            text=self._tokenizer.decode(made, skip_special_tokens=True),
            prompt_tokens=int(ids.shape[1]),
            completion_tokens=len(made),
            are_estimates=False,
            is_cut=not ended,
        )

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """Tokens of the model's own tokenizer, exactly."""
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"]), False

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...]:
        """Natural log likelihood of each token of `continuation` after `prompt`, which are cut into tokens apart. Raises CannotRead."""
        import torch

        before, after = self._ids(prompt), self._ids(continuation)
        if not before.shape[1]:
            before = torch.full((1, 1), self._filler(), device=self._model.device)
        logits = self._logits(torch.cat([before, after], dim=1))[before.shape[1] - 1 : -1]
        scores = torch.log_softmax(logits, dim=-1).gather(1, after[0, :, None])[:, 0]
        return tuple(float(score) for score in scores)

    def choice_logits(self, prompt: str, choices: Sequence[str]) -> tuple[float, ...]:
        """For each choice the logit of its first token as the next one after `prompt`. Raises CannotRead."""
        last = self._logits(self._ids(prompt))[-1]
        return tuple(float(last[self._ids(choice)[0, 0]]) for choice in choices)

    def _ids(self, text: str) -> Any:
        """Token ids, int64[1, n]."""
        import torch

        ids = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return torch.tensor([ids], dtype=torch.int64, device=self._model.device)

    def _logits(self, ids: Any) -> Any:
        """Logits after each token, float32[n, vocabulary]."""
        import torch

        if ids.shape[1] > self._limit:
            raise CannotRead(f"{ids.shape[1]} tokens do not fit the {self._limit} of {self._name}")
        with torch.inference_mode():
            return self._model(ids).logits[0].float()

    def _filler(self) -> int:
        """A token that says nothing: padding, or what stands before an empty prompt."""
        candidates = (self._tokenizer.bos_token_id, self._tokenizer.eos_token_id, self._tokenizer.pad_token_id, 0)
        return int(next(token for token in candidates if token is not None))


def chat_prompt(tokenizer: Any, system: str, user: str) -> str:
    """System and user as one text, up to where the reply begins: in the model's own chat form, or one after the other where it has none.

    What a model is tuned on must be this text too.
    """
    if not tokenizer.chat_template:
        return f"{system}\n\n{user}\n\n"
    turns = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    return str(tokenizer.apply_chat_template(turns, add_generation_prompt=True, tokenize=False))
