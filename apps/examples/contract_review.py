"""Read a contract clause by clause: who agrees, what each clause asks of whom, and when it ends; every line with its place.

python contract_review.py FOLDER [CONTRACT...]        FOLDER: for example `samples`, which `tadarag demo samples` makes
"""

from __future__ import annotations

import re
import sys

from tadarag import Filters, KnowledgeBase

CONTRACTS = ("contracts/sandrel-charter-2022.pdf", "contracts/zh-ferry-at-dusk-loan-2024.txt")
QUESTIONS = {
    "en": ("When does it end?", "What hire or price is to be paid?"),
    "zh": ("期间自何时起，至何时止？", "应支付多少费用，何时付清？"),
}
DUTY = re.compile(r"\b(?:shall|must|undertakes?|provides?|pays?)\b|[應应须須]|不得|负担|負擔")


def main() -> None:
    """Print the review of each contract."""
    folder, *contracts = sys.argv[1:]
    with KnowledgeBase.open(folder) as base:
        base.ingest(folder, sync=True)
        for source in contracts or CONTRACTS:
            review(base, source)


def review(base: KnowledgeBase, source: str) -> None:
    """Opening: the first passage, where the parties are. Duties: sentences with a word of duty. Terms: the best sentences for a question."""
    record = base.record(source)
    text = record.document.text
    print(f"\n{record.document.title or source}  ({source})\n  Opening")
    for line in filter(None, record.chunks[0].span.of(text).splitlines()):
        print(f"    {line}")
    print("  Duties")
    for clause in record.chunks:
        for span in clause.sentences:
            if DUTY.search(span.of(text)):
                print(f"    {clause.heading_path[-1] if clause.heading_path else ''}: {span.of(text)}  [{span.start}-{span.end}]")
    print("  Terms")
    for question in QUESTIONS[record.document.language if record.document.language in QUESTIONS else "en"]:
        answer = base.ask(question, pipeline="evidence-only", filters=Filters(sources=(source,)))
        print(f"    {question}")
        sentences = [citation for citation in answer.citations if citation.quote not in citation.heading_path]
        for citation in sentences[:2]:
            print(f"      {citation.quote}  [{citation.span.start}-{citation.span.end}]")


if __name__ == "__main__":
    main()
