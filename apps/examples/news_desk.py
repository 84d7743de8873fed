"""Who said or did what, and when: a dated list of the sentences that name a person, then questions to the same news.

python news_desk.py FOLDER [NAME...]        FOLDER: for example `samples`, which `tadarag demo samples` makes
"""

from __future__ import annotations

import sys

from tadarag import Filters, KnowledgeBase, UsageError

NAMES = ("Petra Solvane", "Sunniva Tarrow", "马滕·克罗尔")
QUESTIONS = (
    "Who is in charge of the Marine Inquiry Office's investigation into the ferry accident?",
    "How many turbines does the array at the Ysk Narrows really consist of?",
    "经过修复师检测，《暮色渡船》究竟画于哪一年？",
)
NEWS = Filters(sources=("news",))


def dated_sentences(base: KnowledgeBase, name: str) -> list[tuple[str, str, str]]:
    """(date of the report, source, sentence) for each report and each form of the name in it ("Petra Solvane", "Ms Solvane"), oldest first."""
    dates = {report.source: report.date or "no date" for report in base.list(NEWS)}
    view, person = base.thing(name, depth=0)
    quotes = {quote for _, places in view.names(person) for quote in places if quote.source in dates}
    ordered = sorted(quotes, key=lambda quote: (dates[quote.source], quote.source, quote.span.start))
    return [(dates[quote.source], str(quote.source), quote.text) for quote in ordered]


def main() -> None:
    """Print the list for each name, then each answer with the sentences that bear it out."""
    folder, *names = sys.argv[1:]
    with KnowledgeBase.open(folder) as base:
        base.ingest(folder, sync=True)
        for name in names or NAMES:
            print(f"\n{name}")
            try:
                for date, source, sentence in dated_sentences(base, name):
                    print(f"  {date}  {sentence}\n              {source}")
            except UsageError as unknown:
                print(f"  {unknown.happened}; {unknown.do}")
        for question in QUESTIONS:
            answer = base.ask(question, filters=NEWS)
            print(f"\n{question}\n  {answer.text}")
            for citation in answer.citations:
                print(f"  [{citation.number}] {citation.date or 'no date'}  {citation.source}\n      {citation.quote}")


if __name__ == "__main__":
    main()
