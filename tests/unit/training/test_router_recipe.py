"""The recipe of the router names the very files that its stage reads, so that each is in the manifest."""

from __future__ import annotations

from tadarag.training.recipes import find_recipe, read_recipe
from tadarag.training.router_sources import CORPUS_DOMAINS, DOCUMENT_LICENCES, EXTRACTION_DOMAINS


def test_the_recipe_names_the_files_of_all_sources_that_may_be_shipped() -> None:
    [texts] = read_recipe(find_recipe("router")).data
    sets = [f"extraction_{name}/train.jsonl.gz" for name in EXTRACTION_DOMAINS if name in DOCUMENT_LICENCES]
    corpora = [f"{name}/corpus.jsonl.gz" for name in CORPUS_DOMAINS if name in DOCUMENT_LICENCES]
    assert sorted(texts.files) == sorted(["router_domain/train.jsonl.gz", "router_task/train.jsonl.gz", *sets, *corpora])
