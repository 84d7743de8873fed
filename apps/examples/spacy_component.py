"""Names and facts of two sample documents through spaCy, in English and in Chinese, and a displaCy picture of the first.

python spacy_component.py [PICTURE.html]
"""

import sys
from pathlib import Path

import spacy

from tadarag.integrations.spacy_picture import picture_page

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples" / "documents"

for language, name in (("en", "news/2024-04-02-mennick-takes-over.md"), ("zh", "news/zh-2025-06-13-ostrevir-approved.txt")):
    nlp = spacy.blank(language)
    nlp.add_pipe("tadarag", config={"template": "general_knowledge"})  # without a template: in the terms of each text's own domain
    doc = nlp((SAMPLES / name).read_text(encoding="utf-8"))
    named = {entity.text: f"{entity.text} ({entity.label_}, {entity._.probability})" for entity in doc.ents}
    print(name, *list(named.values())[:12], sep="\n  ")
    likeliest = sorted(doc._.relations, key=lambda fact: -fact.probability)[:3]
    print("facts", *(f"{fact} ({fact.probability}), as stated in {fact.evidence.text.strip()!r}" for fact in likeliest), sep="\n  ")
    if language == "en" and sys.argv[1:]:
        Path(sys.argv[1]).write_text(picture_page(doc), encoding="utf-8")
