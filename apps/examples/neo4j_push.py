"""Keep the graph of a folder's documents on a Neo4j server, and ask the server what the documents state.

TADARAG_NEO4J_PASSWORD=... python neo4j_push.py FOLDER bolt://localhost:7687 [USER [DATABASE]]
"""

from __future__ import annotations

import os
import sys

from tadarag import KnowledgeBase
from tadarag.integrations.neo4j import Login, open_server, push

FACTS = (
    "MATCH (head:TadaragThing {graph: 'example'})-[fact]->(tail:TadaragThing) "
    "RETURN head.name, fact.predicate, tail.name, fact.source, fact.sentence ORDER BY fact.source, fact.start, fact.predicate LIMIT 5"
)


def main() -> None:
    """Read what changed in the folder, write what differs to the server, and print five facts with the sentences that state them."""
    folder, address, *who = sys.argv[1:]
    user, database = (*who, *("neo4j", "")[len(who) :])
    login = Login(address=address, user=user, password=os.environ.get("TADARAG_NEO4J_PASSWORD", ""), database=database)
    with KnowledgeBase.open(folder) as base, open_server(login) as server:
        base.ingest(folder, sync=True)
        report = push(base, server, graph="example")
        print(f"{report.n_written} rows written, {report.plan.n_unchanged} were there already")
        for head, predicate, tail, source, sentence in server.read(lambda run: list(run(FACTS))):
            print(f"{head} {predicate} {tail} ({source}: {sentence})")


if __name__ == "__main__":
    main()
