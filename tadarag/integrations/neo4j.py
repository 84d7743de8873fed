"""Neo4j and other graph databases that speak Bolt: the corpus graph of a base there, and their graphs as documents of a base.

with open_server(Login(address="bolt://localhost:7687", password=password)) as server:
    push(base, server, graph="press")
    pull(base, server, naming=Naming(graph="films"), choice=Choice(labels=("Film",)))
"""

from tadarag.integrations.neo4j_graph import Choice
from tadarag.integrations.neo4j_pull import Naming, PullReport, pull
from tadarag.integrations.neo4j_push import PushReport, push, remove
from tadarag.integrations.neo4j_server import GraphServer, Login, open_server

__all__ = ["Choice", "GraphServer", "Login", "Naming", "PullReport", "PushReport", "open_server", "pull", "push", "remove"]
