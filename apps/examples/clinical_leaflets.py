"""What leaflets say of dose and contraindications, the newest document first, so that an outdated leaflet is seen as such.

python clinical_leaflets.py FOLDER        FOLDER: for example `samples`, which `tadarag demo samples` makes

It shows whole sections, because a sentence alone may lack its exception. It is no medical advice, and does not know which document is in force.
"""

from __future__ import annotations

import sys

from tadarag import Filters, Hit, KnowledgeBase

TOPICS = {
    "Usual dose": "What is the usual dose of Fevrolin for adults?",
    "Dose in severe kidney impairment": "What is the dose of Fevrolin in severe kidney impairment?",
    "Must not be used": "When must Fevrolin not be used?",
    "用法用量": "菲弗洛林怎样服用？",
    "禁用": "什么情况下不能服用菲弗洛林？",
}
SECTIONS = 2


def main() -> None:
    """Print the sections that bear most on each topic."""
    (folder,) = sys.argv[1:]
    with KnowledgeBase.open(folder) as base:
        base.ingest(folder, sync=True)
        leaflets = Filters(sources=("medicine",))
        dates = {document.source: document.date for document in base.list(leaflets)}
        for topic, question in TOPICS.items():
            print(f"\n{topic}")
            hits = base.search(question, limit=SECTIONS, filters=leaflets)
            for hit in sorted(hits, key=lambda hit: dates[hit.passage.source], reverse=True):
                print(section(hit, dates[hit.passage.source]))


def section(hit: Hit, date: str) -> str:
    """A section with its date, its document and its heading."""
    heading = hit.passage.heading_path[-1] if hit.passage.heading_path else ""
    lines = [line for line in hit.passage.text.splitlines() if line.strip()]
    return "\n".join([f"  {date or 'no date'}  {hit.passage.source}  {heading}", *(f"    {line}" for line in lines)])


if __name__ == "__main__":
    main()
