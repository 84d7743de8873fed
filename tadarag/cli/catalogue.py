"""The table of all commands: listing them imports none of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its group in the help, the module and name that define it, and its help line (the first line of its docstring)."""

    group: str
    module: str
    name: str
    help: str


COMMANDS: dict[str, Entry] = {
    "ask": Entry("Ask", "asking", "ask", "Answer a question from documents, with citations."),
    "search": Entry("Ask", "asking", "search", "List the passages that match a query, best first."),
    "studio": Entry("Ask", "studio", "studio", "Open the studio in the browser."),
    "serve": Entry("Ask", "serve", "serve", "Serve the knowledge base: REST, OpenAI-compatible, MCP over HTTP."),
    "mcp": Entry("Ask", "serve", "mcp", "Serve an assistant over stdio: search, ask, outline (MCP)."),
    "feedback": Entry("Ask", "feedback", "feedback", "Say how good an answer was, or list what has been said."),
    "demo": Entry("Ask", "demo", "demo", "Answer three questions from the sample documents."),
    "init": Entry("Documents", "documents", "init", "Make an empty knowledge base."),
    "ingest": Entry("Documents", "documents", "ingest", "Read documents into the knowledge base."),
    "list": Entry("Documents", "contents", "list_documents", "List the documents of the knowledge base."),
    "show": Entry("Documents", "contents", "show", "Show what the knowledge base holds of a document."),
    "outline": Entry("Documents", "outline", "outline", "Show the outline of a document, with the passages under each line."),
    "mom": Entry("Documents", "mom", "app", "Show, judge and export the memories of documents."),
    "graph": Entry("Documents", "graph", "app", "Show how the names of all documents hang together."),
    "delete": Entry("Documents", "documents", "delete", "Delete documents from the knowledge base (never the files)."),
    "retry": Entry("Documents", "documents", "retry", "Read quarantined documents again."),
    "status": Entry("Care", "contents", "status", "Say what the knowledge base holds and what needs attention."),
    "ledger": Entry("Care", "ledger", "ledger", "Say what reading documents has taken: calls, tokens, money, time."),
    "verify": Entry("Care", "care", "verify", "Check that the knowledge base is intact."),
    "repair": Entry("Care", "care", "repair", "Mend what `verify` finds, as far as it can be derived again."),
    "vacuum": Entry("Care", "care", "vacuum", "Remove all traces of deleted documents and free their space."),
    "reindex": Entry("Care", "care", "reindex", "Derive all indexes again, with another encoder if named."),
    "backup": Entry("Care", "care", "backup", "Copy the knowledge base, even while it is written."),
    "export": Entry("Care", "care", "export", "Write all contents to a file."),
    "import": Entry("Care", "care", "import_file", "Read a file that `export --format jsonl` wrote."),
    "templates": Entry("Setup", "templates", "app", "Show, check and write domain templates."),
    "config": Entry("Setup", "configuration", "app", "Show the settings and where each comes from."),
    "doctor": Entry("Setup", "doctor", "doctor", "Check that this computer and this folder can run tadarag."),
    "train": Entry("Setup", "train", "app", "Make models by recipes; list recipes; check what was made."),
    "eval": Entry("Setup", "eval", "app", "Measure retrieval and answers on a question set."),
}
