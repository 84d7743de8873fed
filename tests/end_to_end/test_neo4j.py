"""The corpus graph on a real Bolt server, and a server's graph in a base: incremental, and exact under deletion."""

from __future__ import annotations

import importlib.util
import json
import runpy
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadarag.content import content_folder
from tadarag.errors import GraphServerError, Refused, UsageError
from tadarag.integrations.neo4j_graph import Choice
from tadarag.integrations.neo4j_pull import Naming, pull
from tadarag.integrations.neo4j_push import push, remove
from tadarag.integrations.neo4j_server import GraphServer, Login, open_server
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing import bolt_server
from tadarag.testing.bolt_server import BoltServer, running_server
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import run_killed
from tadarag.values import Document, SourceName

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("neo4j", bolt_server.PACKAGE)),
    reason="needs the packages neo4j and arcadedb-embedded (dependency group doors)",
)

TEXTS = {
    "line.md": "The Quillen Bay Shipping Line, formerly known as the Sele Packet Company, runs ferries. Margit Sollow was born in 1961.",
    "packet.md": "The Sele Packet Company sailed to Velmouth Town. Margit Sollow leads the Sele Packet Company.",
    "alone.md": "Petra Solvane was born in 1950.",
    "航运.md": "奎伦湾航运公司（英语：Quillen Bay Shipping Line）总部设在奎伦湾。钟履谦创办了奎伦湾航运公司。",
}
SENTENCES = [
    "Petra Solvane met Ilse Tamber in Quillen Bay.",
    "The Halvrin Group, formerly known as Tarnwick Engines, grew.",
    "Tarnwick Engines built a mill. Petra Solvane was born in 1950.",
    "Petra Solvane was born in 1970. She leads the Halvrin Group.",
    "奎伦湾航运公司（英语：Halvrin Group）总部设在奎伦湾。",
]

Dump = tuple[list[Any], list[Any]]


@pytest.fixture(scope="session")
def bolt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoltServer]:
    """A server for all tests of this file."""
    with running_server(tmp_path_factory.mktemp("bolt")) as server:
        yield server


def login(bolt: BoltServer, database: str = "neo") -> Login:
    return Login(address=bolt.address, user=bolt_server.USER, password=bolt_server.PASSWORD, database=database)


@pytest.fixture
def server(bolt: BoltServer) -> Iterator[GraphServer]:
    """An empty database."""
    with open_server(login(bolt)) as opened:
        run_statement(opened, "MATCH (n) DETACH DELETE n RETURN count(*)")
        yield opened


@pytest.fixture
def other(bolt: BoltServer) -> Iterator[GraphServer]:
    """Another empty database, to push afresh to."""
    with open_server(login(bolt, "fresh")) as opened:
        run_statement(opened, "MATCH (n) DETACH DELETE n RETURN count(*)")
        yield opened


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A base with documents that share names, in two languages."""
    with opened_base(tmp_path / "base") as opened:
        opened.ingest_documents((SourceName(".", name), document(text)) for name, text in TEXTS.items())
        yield opened


def opened_base(place: Path) -> KnowledgeBase:
    return KnowledgeBase.open(place, encoder=HashingEncoder(), workers=1)


def document(text: str) -> Document:
    return Document(text=text + "\n", language="en" if text.isascii() else "zh")


def run_statement(server: GraphServer, statement: str, **parameters: Any) -> int:
    return server.write(f"UNWIND $rows AS row {statement}", [parameters])


def dump(server: GraphServer) -> Dump:
    """Everything on the server in canonical form, without the ids that it gave."""
    nodes = server.read(lambda run: list(run("MATCH (n) RETURN labels(n), properties(n)")))
    links = server.read(lambda run: list(run("MATCH (h)-[r]->(t) RETURN h.key, type(r), properties(r), t.key")))
    return sorted(map(canonical, nodes)), sorted(map(canonical, links))


def canonical(row: Any) -> str:
    return json.dumps([sorted(part) if isinstance(part, list) else part for part in row], ensure_ascii=False, sort_keys=True, default=str)


def ids(server: GraphServer) -> dict[str, str]:
    """The server's own ids by our keys: a row that is written anew gets another one."""
    return dict(server.read(lambda run: list(run("MATCH (n:Tadarag) RETURN n.key, elementId(n)"))))


def afresh(base: KnowledgeBase, other: GraphServer) -> Dump:
    """What a first push gives."""
    remove(other, graph="a")
    push(base, other, graph="a")
    return dump(other)


def test_a_fact_is_pushed_with_its_probability_dates_and_evidence(base: KnowledgeBase, server: GraphServer) -> None:
    push(base, server, graph="a")
    statement = "MATCH (h:TadaragThing {name: 'Margit Sollow'})-[r:BORN_ON]->(t:TadaragThing) RETURN t.name, properties(r)"
    ((value, fact),) = server.read(lambda run: list(run(statement)))
    assert (value, fact["predicate"], fact["valid_from"], fact["source"]) == ("1961", "born_on", "1961", "line.md")
    assert 0 < fact["probability"] <= 1
    record = base.record("line.md")
    assert fact["content"] == record.content
    assert fact["sentence"] == record.document.text[fact["start"] : fact["end"]] == "Margit Sollow was born in 1961."


def test_names_of_both_languages_are_one_thing_with_the_sentences_that_say_so(base: KnowledgeBase, server: GraphServer) -> None:
    push(base, server, graph="a")
    statement = (
        "MATCH (t:TadaragThing)-[r:ALIAS]->(d:TadaragDocument) WHERE '奎伦湾航运公司' IN t.names RETURN t.names, d.source, r.sentence"
    )
    rows = server.read(lambda run: list(run(statement)))
    assert all("quillen bay shipping line" in names for names, _, _ in rows)
    assert ("航运.md", TEXTS["航运.md"].partition("。")[0] + "。") in {(source, sentence) for _, source, sentence in rows}


def test_a_second_push_writes_nothing(base: KnowledgeBase, server: GraphServer) -> None:
    first = push(base, server, graph="a")
    assert first.n_written == first.plan.n_rows > 0
    before, known = dump(server), ids(server)
    second = push(base, server, graph="a")
    assert (second.plan.n_rows, second.n_written, second.n_statements) == (0, 0, 0)
    assert second.plan.n_unchanged == first.plan.n_rows
    assert (dump(server), ids(server)) == (before, known)


def test_a_changed_document_changes_only_its_own_rows(base: KnowledgeBase, server: GraphServer, other: GraphServer) -> None:
    push(base, server, graph="a")
    known = ids(server)
    base.ingest_documents([(SourceName(".", "alone.md"), document("Petra Solvane was born in 1951."))])
    plan = push(base, server, graph="a").plan
    touched = {*plan.nodes_to_delete, *(row.key for row in (*plan.nodes_to_change, *plan.nodes_to_create))}
    names = {row.properties.get("name", row.properties.get("source")) for row in (*plan.nodes_to_change, *plan.nodes_to_create)}
    assert names == {"alone.md", "1951"}
    assert {key: known[key] for key in known if key not in touched}.items() <= ids(server).items()
    assert {row.properties.get("source") for row in plan.links_to_create if row.kind == "BORN_ON"} == {"alone.md"}
    assert dump(server) == afresh(base, other)


def test_after_delete_and_unmerge_the_server_has_what_a_first_push_gives(
    base: KnowledgeBase, server: GraphServer, other: GraphServer
) -> None:
    push(base, server, graph="a")
    base.unmerge("Quillen Bay Shipping Line", "Sele Packet Company")
    push(base, server, graph="a")
    assert dump(server) == afresh(base, other)
    base.delete("line.md")
    push(base, server, graph="a")
    assert dump(server) == afresh(base, other)
    assert "1961" not in json.dumps(dump(server))


@pytest.mark.parametrize("kill_at", [0, 2])
def test_a_killed_push_is_finished_by_the_next(
    base: KnowledgeBase, bolt: BoltServer, server: GraphServer, other: GraphServer, kill_at: int
) -> None:
    push(base, server, graph="a")
    base.delete("line.md")
    base.ingest_documents([(SourceName(".", "new.md"), document(SENTENCES[2]))])

    def push_observed(observe: Callable[[str], None]) -> None:
        with open_server(login(bolt)) as mine:
            push(base, mine, graph="a", progress=lambda n_done, n_total: observe(f"{n_done} of {n_total}"))

    assert run_killed(push_observed, kill_at=kill_at) is None
    wanted = afresh(base, other)
    assert dump(server) != wanted
    push(base, server, graph="a")
    assert dump(server) == wanted


def test_a_stopped_push_says_so_and_is_finished_by_the_next(base: KnowledgeBase, server: GraphServer, other: GraphServer) -> None:
    answers = iter([False, True])
    assert push(base, server, graph="a", stop=lambda: next(answers)).interrupted
    assert not push(base, server, graph="a").interrupted
    assert dump(server) == afresh(base, other)


def test_bases_share_a_server_and_foreign_data_stays(base: KnowledgeBase, server: GraphServer, tmp_path: Path) -> None:
    run_statement(server, "CREATE (n:Person {name: 'Ada', key: 'a/1', graph: 'a'})-[:KNOWS]->(m:Person {name: 'Charles'}) RETURN count(*)")
    foreign = dump(server)
    push(base, server, graph="a")
    alone = dump(server)
    with opened_base(tmp_path / "second") as second:
        second.ingest_documents([(SourceName(".", "alone.md"), document(TEXTS["alone.md"]))])
        push(second, server, graph="b")
        push(base, server, graph="a")
        assert len(dump(server)[0]) > len(alone[0])
        remove(server, graph="b")
    assert dump(server) == alone
    remove(server, graph="a")
    assert dump(server) == foreign


def test_a_relationship_that_the_server_has_twice_is_mended(base: KnowledgeBase, server: GraphServer) -> None:
    push(base, server, graph="a")
    before = dump(server)
    run_statement(server, "MATCH (h:Tadarag)-[r:BORN_ON]->(t) CREATE (h)-[s:BORN_ON]->(t) SET s = properties(r) RETURN count(*)")
    assert dump(server) != before
    push(base, server, graph="a")
    assert dump(server) == before


def test_anew_takes_back_what_others_have_changed(base: KnowledgeBase, server: GraphServer) -> None:
    push(base, server, graph="a")
    before = dump(server)
    run_statement(server, "MATCH (n:TadaragThing {name: 'Margit Sollow'}) SET n.name = 'Nobody' RETURN count(*)")
    push(base, server, graph="a", anew=True)
    assert dump(server) == before


def test_pushes_at_the_same_time_leave_what_one_leaves(
    base: KnowledgeBase, bolt: BoltServer, server: GraphServer, other: GraphServer
) -> None:
    def push_once() -> None:
        with open_server(login(bolt)) as mine:
            push(base, mine, graph="a")

    threads = [threading.Thread(target=push_once) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    push(base, server, graph="a")
    assert dump(server) == afresh(base, other)


STEPS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from("abc"), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=2)),
    st.tuples(st.just("delete"), st.sampled_from("abc"), st.none()),
    st.tuples(
        st.sampled_from(["unmerge", "undo"]),
        st.sampled_from(["Halvrin Group", "Petra Solvane"]),
        st.sampled_from(["Tarnwick Engines", "a"]),
    ),
    st.tuples(st.just("push"), st.none(), st.none()),
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=3, max_size=8))
def test_any_history_with_pushes_in_between_ends_as_a_first_push(server: GraphServer, other: GraphServer, history: list) -> None:
    with TemporaryDirectory() as place, opened_base(Path(place)) as living:
        present = set()
        for action, what, how in history:
            if action == "put":
                present.add(what)
                living.ingest_documents([(SourceName(".", what), document("\n\n".join(how)))])
            elif action == "delete" and what in present:
                present.remove(what)
                living.delete(SourceName(".", what))
            elif action in ("unmerge", "undo"):
                given_source = {"source": SourceName(".", how)} if how == "a" else {"other": how}
                try:
                    living.unmerge(what, **given_source, undo=action == "undo")
                except (UsageError, Refused):  # there is nothing to part or to undo in this base
                    continue
            elif action == "push":
                push(living, server, graph="a")
        push(living, server, graph="a")
        assert dump(server) == afresh(living, other)


# Into the base.

FILMS = (
    "CREATE (m:Person {id: 7, name: 'Mira Tolland', born: date('1974-05-03')}), (k:Person {id: 8, name: 'Karel Ondrus'}), "
    "(f:Film {title: 'The Salt Road', released: 1999, plot: $row.plot}) CREATE (m)-[:ACTED_IN {role: 'Nera'}]->(f), (k)-[:DIRECTED]->(f) "
    "RETURN count(*)"
).replace("$row", "row")
PLOT = "A caravan crosses the white desert of Ushtan in search of salt. " * 6
NAMING = Naming(graph="films")


@pytest.fixture
def films(server: GraphServer) -> GraphServer:
    """A server with a small graph of people and a film."""
    run_statement(server, FILMS, plot=PLOT)
    return server


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A base without documents."""
    with opened_base(tmp_path / "empty") as opened:
        yield opened


def texts(base: KnowledgeBase) -> dict[str, str]:
    return {str(info.source).partition("~")[0]: base.document(info.source).text for info in base.list()}


def test_each_node_becomes_a_document_that_tells_its_neighbourhood(empty: KnowledgeBase, films: GraphServer) -> None:
    report = pull(empty, films, naming=NAMING)
    assert (report.n_nodes, len(report.added)) == (3, 3)
    found = texts(empty)
    assert found["neo4j://films:Person/Mira Tolland"] == (
        "Mira Tolland\n\nMira Tolland is a person.\nMira Tolland: born 1974-05-03.\nMira Tolland: id 7.\n\n"
        "Mira Tolland acted in The Salt Road (role Nera)."
    )
    film = found["neo4j://films:Film/The Salt Road"]
    assert "Karel Ondrus directed The Salt Road." in film
    assert film.endswith("plot\n\n" + PLOT.strip())


def test_facts_of_a_pulled_graph_are_found_and_cited(empty: KnowledgeBase, films: GraphServer) -> None:
    pull(empty, films, naming=NAMING)
    answer = empty.ask("Who directed The Salt Road?")
    assert "Karel Ondrus" in answer.text
    assert {citation.source.root for citation in answer.citations} == {"neo4j://films"}
    for citation in answer.citations:
        assert citation.span.of(empty.document(citation.source).text) == citation.quote


def test_a_second_pull_reads_nothing_and_a_change_reads_its_neighbourhood(empty: KnowledgeBase, films: GraphServer) -> None:
    pull(empty, films, naming=NAMING)
    again = pull(empty, films, naming=NAMING)
    assert (again.added, again.changed, again.removed, again.unchanged) == ((), (), (), 3)
    run_statement(films, "MATCH (f:Film) SET f.released = 2001 RETURN count(*)")
    (removed,) = pull(empty, films, naming=NAMING, dry_run=True).removed
    changed = pull(empty, films, naming=NAMING)
    assert (changed.removed, len(changed.added), changed.changed) == ((removed,), 1, ())  # no constraint says what tells films apart
    assert "released 2001" in texts(empty)["neo4j://films:Film/The Salt Road"]


def test_a_key_property_names_documents_for_good(empty: KnowledgeBase, films: GraphServer) -> None:
    people = Choice(labels=("Person",))
    pull(empty, films, naming=Naming(graph="films", key="id"), choice=people)
    assert set(texts(empty)) == {"neo4j://films:Person/7", "neo4j://films:Person/8"}
    run_statement(films, "MATCH (m:Person {id: 7}) SET m.name = 'Mira Tolland-Ondrus' RETURN count(*)")
    report = pull(empty, films, naming=Naming(graph="films", key="id"), choice=people)
    assert ([str(source) for source in report.changed], report.added, report.removed) == (["neo4j://films:Person/7"], (), ())


def test_what_left_the_server_leaves_the_base_and_the_rest_is_that_of_a_first_pull(
    empty: KnowledgeBase, films: GraphServer, tmp_path: Path
) -> None:
    pull(empty, films, naming=NAMING)
    run_statement(films, "MATCH (k:Person {id: 8}) DETACH DELETE k RETURN count(*)")
    report = pull(empty, films, naming=NAMING)
    assert [str(source).partition("~")[0] for source in report.removed] == ["neo4j://films:Person/Karel Ondrus"]
    with opened_base(tmp_path / "first") as first:
        pull(first, films, naming=NAMING)
        assert first.digests().truth == empty.digests().truth


def test_an_emptied_server_is_taken_for_an_accident(empty: KnowledgeBase, films: GraphServer) -> None:
    pull(empty, films, naming=NAMING)
    run_statement(films, "MATCH (n) DETACH DELETE n RETURN count(*)")
    with pytest.raises(Refused, match="all 3 documents of neo4j://films would be removed"):
        pull(empty, films, naming=NAMING)
    assert len(empty.list()) == 3
    pull(empty, films, naming=NAMING, yes=True)
    assert empty.list() == ()


def test_types_choose_relationships(empty: KnowledgeBase, films: GraphServer) -> None:
    pull(empty, films, naming=NAMING, choice=Choice(labels=("Film",), types=("DIRECTED", "no `such` type")))
    (film,) = texts(empty).values()
    assert "directed" in film
    assert "acted in" not in film


def test_what_was_pushed_is_not_pulled_again(base: KnowledgeBase, films: GraphServer) -> None:
    push(base, films, graph="a")
    run_statement(films, "MATCH (m:Person {id: 7}), (t:TadaragThing {name: 'Petra Solvane'}) CREATE (m)-[:IS]->(t) RETURN count(*)")
    report = pull(base, films, naming=NAMING)
    assert report.n_nodes == 3
    assert not any("Petra Solvane" in text for source, text in texts(base).items() if source.startswith("neo4j:"))


def test_a_chinese_graph_is_told_in_chinese(empty: KnowledgeBase, server: GraphServer) -> None:
    run_statement(
        server,
        "CREATE (a:`公司` {`名称`: '晨星建设公司', `成立`: 1998})-[:`承建` {`年份`: 2025}]->(b:`工程` {`名称`: '奎伦湾扩港工程'}) RETURN count(*)",
    )
    pull(empty, server, naming=Naming(graph="工程"))
    assert texts(empty)["neo4j://工程:公司/晨星建设公司"] == (
        "晨星建设公司\n\n晨星建设公司是公司。\n晨星建设公司：成立为1998。\n\n晨星建设公司承建奎伦湾扩港工程（年份 2025）。"
    )
    assert "晨星建设公司" in empty.ask("谁承建奎伦湾扩港工程？").text


# On the command line.


def login_by(monkeypatch: pytest.MonkeyPatch, user: str = bolt_server.USER, password: str = bolt_server.PASSWORD) -> None:
    monkeypatch.setenv("TADARAG_NEO4J_USER", user)
    monkeypatch.setenv("TADARAG_NEO4J_PASSWORD", password)
    monkeypatch.setenv("TADARAG_NEO4J_DATABASE", "neo")


def test_the_commands_push_and_pull_and_never_show_the_password(
    docs: Path, run: Any, bolt: BoltServer, films: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    login_by(monkeypatch)
    run("ingest", "docs")
    said = []
    planned = run("graph", "push", bolt.address, "--dry-run", "--json")
    assert (planned.status, planned.document["plan"]["nodes_to_create"] > 0, planned.document["n_written"]) == (0, True, 0)
    assert len(dump(films)[0]) == 3
    pushed = run("graph", "push", bolt.address, "--log-file", "log", "--verbose")
    assert (pushed.status, "wrote " in pushed.out) == (0, True)
    assert "nothing to write" in run("graph", "push", bolt.address).out
    pulled = run("graph", "pull", bolt.address, "--label", "Person", "--json")
    assert (pulled.document["root"], pulled.document["n_nodes"], len(pulled.document["added"])) == ("neo4j://neo", 2, 2)
    assert "neo4j://neo:Person/" in run("list").out
    assert run("graph", "push", bolt.address, "--remove").status == 0
    assert len(dump(films)[0]) == 3
    said += [planned.out, planned.err, pushed.out, pushed.err, pulled.out, pulled.err, Path("log").read_text(encoding="utf-8")]
    said.append(run("config", "show").out)
    assert not any(bolt_server.PASSWORD in text for text in said)


def test_refusals_of_a_server_say_what_to_do(
    docs: Path, run: Any, bolt: BoltServer, server: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", "docs")
    down = run("graph", "push", "bolt://127.0.0.1:1")
    assert (down.status, "no graph server answers at bolt://127.0.0.1:1" in down.err, "check host and port" in down.err) == (1, True, True)
    login_by(monkeypatch, password="not-the-password")
    wrong = run("graph", "push", bolt.address)
    assert (wrong.status, "refuses the password of user 'root'" in wrong.err, "not-the-password" in wrong.err) == (1, True, False)
    monkeypatch.setenv("TADARAG_NEO4J_PASSWORD", "")
    assert "refuses a request without a password" in run("graph", "pull", bolt.address).err
    login_by(monkeypatch, bolt_server.READER, bolt_server.READER_PASSWORD)
    forbidden = run("graph", "push", bolt.address)
    assert (forbidden.status, "user 'reader' may not do this" in forbidden.err, "needs a user who may write" in forbidden.err) == (
        1,
        True,
        True,
    )
    assert run("graph", "pull", bolt.address, "--yes").status == 0
    login_by(monkeypatch)
    missing = run("graph", "push", bolt.address, "--database", "nowhere")
    assert (missing.status, "has no database 'nowhere'" in missing.err) == (1, True)
    encrypted = run("graph", "push", bolt.address.replace("bolt://", "bolt+s://"))
    assert (encrypted.status, "reached by bolt://" in encrypted.err) == (1, True)


def test_a_reader_who_finds_nothing_to_write_may_push(base: KnowledgeBase, bolt: BoltServer, server: GraphServer) -> None:
    push(base, server, graph="a")
    reader = Login(address=bolt.address, user=bolt_server.READER, password=bolt_server.READER_PASSWORD, database="neo")
    with open_server(reader) as reading:
        assert push(base, reading, graph="a").n_statements == 0
        with pytest.raises(GraphServerError, match="may not do this"):
            remove(reading, graph="a")


def test_the_example_prints_facts_that_the_server_has(
    docs: Path, bolt: BoltServer, server: GraphServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (docs / "born.md").write_text("# Margit Sollow\n\nMargit Sollow was born in 1961.\n", encoding="utf-8")
    login_by(monkeypatch)
    monkeypatch.setattr("sys.argv", ["neo4j_push.py", str(docs), bolt.address, bolt_server.USER, "neo"])
    runpy.run_path(str(content_folder("apps") / "examples" / "neo4j_push.py"), run_name="__main__")
    assert "Margit Sollow born_on 1961 (born.md: Margit Sollow was born in 1961.)" in capsys.readouterr().out
