"""What a base is opened with must be what it was made with: its components, and the checks of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tadarag.components import Components, default_components
from tadarag.errors import EncoderMismatch, FormatMismatch
from tadarag.models.encoder import Encoder
from tadarag.scenarios import own_scenarios
from tadarag.store.embedded import EmbeddedStore, create
from tadarag.store.schema import FORMAT
from tadarag.templates.library import own_templates
from tadarag.tiers import Tiers

if TYPE_CHECKING:
    from mom.memory_builder import MemoryBuilder
    from tadarag.extraction.extractor import Extractor


def components_of(
    folder: Path, encoder: Encoder, *, builder: MemoryBuilder | None, extractor: Extractor | None, tiers: Tiers | None
) -> Components:
    """The components of a base, with the templates and scenarios of its own."""
    return default_components(
        encoder,
        builder=builder,
        extractor=extractor,
        templates=own_templates(folder),
        tiers=tiers,
        scenario_folders=own_scenarios(folder),
    )


def make_base(folder: Path, components: Components) -> None:
    """An empty base whose settings are frozen from these components; one that is there already is left alone."""
    create(folder, {**components.settings(), "format": FORMAT})


def check_encoder(store: EmbeddedStore, encoder: Encoder) -> None:
    """Raises EncoderMismatch unless the base's vectors come from this encoder."""
    stated = store.settings["encoder"]
    if stated != encoder.fingerprint:
        raise EncoderMismatch(
            f"this base holds vectors of the encoder {stated[:16]}; the encoder {encoder.fingerprint[:16]} cannot search them",
            "name the encoder it was made with (encoder in .tadarag/tadarag.toml, or TADARAG_ENCODER), or run: tadarag reindex",
        )


def check_derivations(folder: Path, store: EmbeddedStore, components: Components) -> None:
    """Refuse to mix documents derived by other rules into a base: incremental would no longer equal rebuild. Raises FormatMismatch."""
    changed = [name for name, value in components.settings().items() if store.settings.get(name) != value]
    if changed:
        raise FormatMismatch(
            f"the base at {folder} was derived by other rules ({', '.join(changed)})",
            f"derive it again: tadarag reindex --base {folder}",
        )
