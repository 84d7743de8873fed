"""Ask a folder one question and show where each sentence of the answer stands.

python ask_a_folder.py FOLDER "question"
"""

from __future__ import annotations

import sys

from tadarag import KnowledgeBase


def main() -> None:
    """Read what changed in the folder, answer, and print every citation's exact place."""
    folder, question = sys.argv[1:]
    with KnowledgeBase.open(folder) as base:
        base.ingest(folder, sync=True)
        answer = base.ask(question)
        print(answer.text)
        for citation in answer.citations:
            text = base.document(citation.source).text
            assert citation.span.of(text) == citation.quote  # what the library promises, seen from outside
            print(f"[{citation.number}] {citation.source}, characters {citation.span.start}-{citation.span.end}: {citation.quote}")


if __name__ == "__main__":
    main()
