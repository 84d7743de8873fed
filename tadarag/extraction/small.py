"""The small extractor that ships: a network on the shipped encoder's trunk, and rules for values and aliases."""

from __future__ import annotations

from pathlib import Path

from tadarag.errors import UsageError
from tadarag.extraction.assembly import UnitwiseExtractor
from tadarag.extraction.trained import TrainedUnits
from tadarag.models.encoder import Encoder
from tadarag.models.extractor_model import MANIFEST, SHIPPED_EXTRACTOR, ExtractorModel
from tadarag.models.onnx_encoder import OnnxEncoder, load_shipped


def load_shipped_extractor(encoder: Encoder | None = None, weights: str = "") -> UnitwiseExtractor:
    """The extractor that comes with tadarag, or one of the same kind whose files are in the folder `weights`. Cheap: files are opened at the
    first text.

    encoder: also reads names and, where a chunk comes without states, texts, if it is the shipped one; otherwise the extractor opens a copy of
    that for itself. Raises ModelFileDamaged when the extractor's manifest is unusable,
    UsageError for a folder without one and for an extractor that was trained on another encoder.
    """
    if weights and not (Path(weights) / MANIFEST).exists():
        raise UsageError(
            f"there is no {MANIFEST} in {weights}", "name the folder that tadarag.training.extractor_export wrote: small:FOLDER"
        )
    model = ExtractorModel(Path(weights)) if weights else ExtractorModel()
    if model.trunk != ExtractorModel().trunk:
        raise UsageError(
            f"{weights} was trained on another encoder than the one that ships", "train it again from the extractor that ships"
        )
    own = encoder if isinstance(encoder, OnnxEncoder) and encoder.trunk == model.trunk else load_shipped()
    return UnitwiseExtractor(TrainedUnits(model, own))


def is_shipped() -> bool:
    """Whether this installation holds the extractor's files."""
    return (SHIPPED_EXTRACTOR / MANIFEST).exists()


def reads_states_of(encoder: Encoder) -> bool:
    """Whether the shipped extractor is there and reads the states that come with the encoder's vectors."""
    return is_shipped() and encoder.trunk == ExtractorModel().trunk
