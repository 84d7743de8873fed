"""The small extractor that ships: what it is made of, and whose states it reads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tadarag.components import default_components
from tadarag.derivation import derive_all
from tadarag.errors import UsageError
from tadarag.extraction.rules import RULES
from tadarag.extraction.small import is_shipped, load_shipped_extractor, reads_states_of
from tadarag.models.extractor_model import MANIFEST, SHIPPED_EXTRACTOR
from tadarag.models.onnx_encoder import SHIPPED_FOLDER, OnnxEncoder, load_shipped
from tadarag.plugins import load_plugin
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.tiers import installed_tiers
from tadarag.values import Document, Record, SourceName

pytestmark = pytest.mark.skipif(not is_shipped(), reason="this installation holds no extractor")

TEXT = "Petra Solvane joined the World Health Organization (WHO) on 9 March 2022.\n\nShe lives in Tarnwick and paid EUR 1.2 million.\n"


def test_it_reads_the_states_of_the_shipped_encoder_only() -> None:
    assert reads_states_of(load_shipped())
    assert not reads_states_of(HashingEncoder())
    assert not reads_states_of(OnnxEncoder(SHIPPED_FOLDER, trunk="hidden_6"))


def test_it_is_one_extractor_whatever_encoder_it_shares() -> None:
    assert load_shipped_extractor().fingerprint == load_shipped_extractor(load_shipped()).fingerprint
    assert load_shipped_extractor(HashingEncoder()).fingerprint == load_shipped_extractor().fingerprint


def test_it_stands_in_the_registry() -> None:
    assert load_plugin("tadarag.extractors", "small") is load_shipped_extractor


def test_rules_find_its_values() -> None:
    assert RULES in load_shipped_extractor().fingerprint


def derived(encoder: OnnxEncoder | HashingEncoder) -> Record:
    components = default_components(encoder, extractor=load_shipped_extractor())
    document = (SourceName(".", "a.txt"), "0" * 64, Document(text=TEXT, title="Annual report"))
    (record,) = derive_all([document], components, lambda keys: {}, workers=2)
    assert isinstance(record, Record)
    return record


def test_a_document_read_in_one_pass_with_its_vectors_and_one_read_without_states_have_equal_findings() -> None:
    with_states, without = derived(load_shipped()), derived(HashingEncoder())
    assert [chunk.span for chunk in with_states.chunks] == [chunk.span for chunk in without.chunks]
    assert with_states.findings == without.findings
    assert with_states.extraction == without.extraction


def test_every_mention_of_a_derived_document_quotes_it() -> None:
    record = derived(load_shipped())
    assert {"9 March 2022", "EUR 1.2 million"} <= {mention.text for mention in record.extraction.mentions}
    assert all(mention.span.of(TEXT) == mention.text for mention in record.extraction.mentions)


def test_a_folder_behind_a_colon_holds_the_extractor_that_is_read(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED_EXTRACTOR, tmp_path / "ours")
    assert installed_tiers()[f"small:{folder}"].fingerprint == load_shipped_extractor().fingerprint


def test_an_extractor_of_another_encoder_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED_EXTRACTOR, tmp_path / "ours")
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**manifest, "trunk": "another/hidden_4"}), "utf-8")
    with pytest.raises(UsageError, match="another encoder"):
        load_shipped_extractor(weights=str(folder))


def test_a_folder_without_an_extractor_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"extractor\.json"):
        load_shipped_extractor(weights=str(tmp_path))
