"""The labelled questions and documents that the router is trained on, by source, and which of them a shipped model may have seen."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tadarag.evaluation.router_run import NOT_ROUTED
from tadarag.templates.library import shipped_templates
from tadarag.templates.template import GENERAL

SEED = 13
MOST = 400  # rows of one source with one label: above that a source only teaches its own style

QUESTION_LICENCES = {
    "pubmedqa": "MIT",
    "covid_qa": "Apache-2.0",
    "medquad": "CC BY 4.0",
    "zh_medical_dialogue": "MIT",
    "nq_open": "CC BY-SA 3.0",
    "hotpotqa": "CC BY-SA 4.0",
    "webquestions": "CC BY 4.0",
    "cmrc2018": "CC BY-SA 4.0",
    "cuad_contractnli_templated": "CC BY 4.0",
    "contractnli_hypotheses": "CC BY 4.0",
    "legalbench_train": "CC BY",
    "lawbench_consult": "Apache-2.0",
    "banking77": "CC BY 4.0",
    "clinc150_service": "CC BY 3.0",
    "tatqa": "CC BY 4.0",
    "omnieval_zh": "Apache-2.0",
    "chunking_eval_finance": "MIT",
    "crud_1doc_zh": "Apache-2.0",
    "crud_2doc_zh": "Apache-2.0",
    "crud_3doc_zh": "Apache-2.0",
    "chunking_eval_speech": "MIT",
    "qmsum": "MIT",
    "timeqa": "BSD-3-Clause",
    "qald": "MIT",
    "made_en": "made here",
    "made_zh": "made here",
}
"""Sources of questions that a shipped model may be trained on. Left out: no licence stated, non-commercial, GPL, or research only."""

EXTRACTION_DOMAINS = {
    **dict.fromkeys(("ade", "anatem", "bc5cdr", "bionlp13cg", "ddi", "ncbi_disease", "cmeee_zh", "cmeie_zh"), "bio_medical_research"),
    **dict.fromkeys(("contractnli", "cuad_clauses", "indian_legal"), "legal_contracts"),
    **dict.fromkeys(("sec_filings", "fire", "finer_ord", "finre_zh", "duee_fin_zh"), "finance"),
    **dict.fromkeys(("casie", "conll04", "cluener_zh", "duee_zh", "msra_zh", "peoples_daily_zh"), "news"),
    **dict.fromkeys(("crossner_ai", "crossner_literature", "crossner_music", "crossner_politics", "crossner_science"), "general_knowledge"),
    **dict.fromkeys(("litbank", "redocred", "sanwen_zh", "text2kgbench", "webnlg", "wikineural_en", "wnut17"), "general_knowledge"),
}
"""Extraction sets with a domain of ours; literature, science and chat are general knowledge, shop titles and videos have none."""
CORPUS_DOMAINS = {
    **dict.fromkeys(("nq", "popqa", "hotpotqa", "2wiki", "clapnq", "zh_cmrc"), "general_knowledge"),
    **dict.fromkeys(("multihoprag", "zh_news_rgb", "zh_crud_news"), "news"),
    "graphragbench_medical": "bio_medical_research",
}
DOCUMENT_LICENCES = {
    "bc5cdr": "public domain",
    "ncbi_disease": "CC BY 4.0",
    "bionlp13cg": "CC BY 4.0, CC BY-SA 3.0",
    "anatem": "CC BY 4.0, CC BY-SA 3.0",
    "cuad_clauses": "CC BY 4.0",
    "contractnli": "CC BY 4.0",
    "indian_legal": "Apache-2.0",
    "sec_filings": "CC BY 3.0",
    "fire": "CC BY 4.0",
    "finre_zh": "MIT",
    "sanwen_zh": "MIT",
    "redocred": "MIT",
    **dict.fromkeys(("crossner_ai", "crossner_literature", "crossner_music", "crossner_politics", "crossner_science"), "MIT"),
    "litbank": "CC BY 4.0",
    "wnut17": "CC BY 4.0",
    "nq": "CC BY-SA 3.0",
    "popqa": "MIT",
    "hotpotqa": "CC BY-SA 4.0",
    "clapnq": "Apache-2.0",
    "zh_cmrc": "CC BY-SA 4.0",
    "multihoprag": "ODC-BY",
}
"""Sets of documents that a shipped model may be trained on."""
_QUESTIONS = 5
_BACKGROUND = 300  # characters
_JOINED = 8  # sentences of a set of sentences that make a document
_SHORT = 600  # characters; a set whose texts are shorter is one of sentences
_N_CUE_DOCUMENTS, _N_CUES = 150, (3, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text with its label, language and source."""

    text: str
    label: str
    language: str
    source: str


def questions(data: Path, kind: str, part: str, *, research: bool = False) -> list[Labelled]:
    """Questions of router_domain or router_task; of "train" at most 400 a source and label, licensed ones unless for research.

    kind: "domain" or "task". part: "train" or "dev"; dev is whole, whatever its licence.
    """
    rows = [
        Labelled(text=row["text"], label=row[kind], language=row["lang"], source=row["source"])
        for row in json_rows(data / f"router_{kind}" / f"{part}.jsonl.gz")
        if row[kind] != NOT_ROUTED
    ]
    if part == "dev":
        return rows
    return _at_most([row for row in rows if research or row.source in QUESTION_LICENCES])


def made_questions(kind: str) -> list[Labelled]:
    """The questions that patterns and subjects of router_questions.yaml give."""
    return _at_most(
        [Labelled(text=text, label=label, language=language, source=f"made_{language}") for label, language, text in _made(kind)]
    )


def made_documents(*, seed: int = SEED) -> list[Labelled]:
    """Texts of three to six sentences that patterns and subjects of router_questions.yaml give."""
    random = Random(seed)
    sentences: dict[tuple[str, str], list[str]] = defaultdict(list)
    for label, language, text in _made("document"):
        sentences[label, language].append(text)
    return [
        Labelled(
            text=("" if language == "zh" else " ").join(random.sample(found, random.randint(3, 6))),
            label=label,
            language=language,
            source=f"made_{language}",
        )
        for (label, language), found in sorted(sentences.items())
        for _ in range(MOST)
    ]


def set_among(rows: Sequence[Labelled], background: Sequence[Labelled], *, seed: int = SEED) -> list[Labelled]:
    """The texts, each also after some words of a text of general knowledge in its language: what surrounds a sign must not matter."""
    random = Random(seed)
    texts: dict[str, list[str]] = defaultdict(list)
    for row in background:
        if row.label == GENERAL:
            texts[row.language].append(row.text)
    mixed = []
    for row in rows:
        around = random.choice(texts[row.language])[:_BACKGROUND]
        mixed.append(Labelled(text=f"{around} {row.text}", label=row.label, language=row.language, source=row.source))
    return [*rows, *mixed]


def joined(rows: Sequence[Labelled]) -> list[Labelled]:
    """Questions of one source and label, five by five, as texts that are about a domain."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        groups[row.label, row.language, row.source].append(row.text)
    return [
        Labelled(text=" ".join(texts[start : start + _QUESTIONS]), label=label, language=language, source=source)
        for (label, language, source), texts in sorted(groups.items())
        for start in range(0, len(texts), _QUESTIONS)
    ]


def _made(kind: str) -> Iterator[tuple[str, str, str]]:
    """Label, language and text of every pattern with every subject."""
    content = yaml.safe_load((Path(__file__).parent / "router_questions.yaml").read_text(encoding="utf-8"))
    for label, languages in content[f"{kind}s"].items():
        for language, parts in languages.items():
            for subject in parts["subjects"]:
                first, _, second = subject.partition(" / ")
                for pattern in parts["patterns"]:
                    yield label, language, pattern.replace("{}", subject).replace("{a}", first).replace("{b}", second)


def documents(data: Path, part: str, *, research: bool = False) -> list[Labelled]:
    """Texts of the extraction sets and corpora. Sentences are taken alone and joined by eight; at most 400 texts a source.

    part: "train", or "dev": dev files, and of a corpus passages that train leaves out, whatever their licence.
    """
    found: list[Labelled] = []
    for name, domain in EXTRACTION_DOMAINS.items():
        if part == "dev" or research or name in DOCUMENT_LICENCES:
            texts = [row["text"] for row in json_rows(data / f"extraction_{name}" / f"{part}.jsonl.gz")]
            found += _set_documents(name, domain, texts, part)
    for name, domain in CORPUS_DOMAINS.items():
        if part == "dev" or research or name in DOCUMENT_LICENCES:
            rows = json_rows(data / name / "corpus.jsonl.gz")
            texts = [f"{row.get('title', '')}\n{row['text']}" for row in islice(rows, 2 * MOST)]
            found += [_document(name, domain, text) for place, text in enumerate(texts) if (place % 2 == 1) == (part == "dev")]
    return found


def cue_documents(*, seed: int = SEED) -> list[Labelled]:
    """Texts of random cues of each domain in each language: what its template says of it, as examples."""
    random = Random(seed)
    return [
        Labelled(
            text=("" if language == "zh" else " ").join(random.sample(cues, min(len(cues), random.randint(*_N_CUES)))),
            label=template.name,
            language=language,
            source=f"cues_{language}",
        )
        for template in shipped_templates()
        for language, cues in template.cues
        if cues
        for _ in range(_N_CUE_DOCUMENTS)
    ]


def json_rows(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSONL file."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _set_documents(name: str, domain: str, texts: Sequence[str], part: str) -> list[Labelled]:
    if sum(map(len, texts)) / max(1, len(texts)) >= _SHORT:
        return [_document(name, domain, text) for text in texts[:MOST]]
    glue = "" if name.endswith("_zh") else " "
    joined = [glue.join(texts[start : start + _JOINED]) for start in range(0, len(texts), _JOINED)][: MOST // 2]
    alone = texts[: MOST // 2] if part == "train" else []
    return [_document(name, domain, text) for text in (*joined, *alone)]


def _document(name: str, domain: str, text: str) -> Labelled:
    is_chinese = name.endswith("_zh") or name.startswith("zh_")
    return Labelled(text=text, label=domain, language="zh" if is_chinese else "en", source=name)


def _at_most(rows: Sequence[Labelled]) -> list[Labelled]:
    """At most 400 rows of each source and label, those with the smallest hash of their text."""
    groups: Mapping[tuple[str, str], list[Labelled]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.label].append(row)
    return [row for _, group in sorted(groups.items()) for row in sorted(group, key=_text_hash)[:MOST]]


def _text_hash(row: Labelled) -> bytes:
    return blake2b(row.text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
