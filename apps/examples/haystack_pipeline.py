"""A Haystack pipeline that reads files into a base, and one that asks it; it ends before the generator, so the prompt is printed.

python haystack_pipeline.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from haystack import Pipeline
from haystack.components.builders import PromptBuilder
from haystack.components.converters import TextFileToDocument

from tadarag.integrations.haystack import TadaragRetriever, TadaragWriter

ENCYCLOPAEDIA = Path(__file__).resolve().parents[2] / "data" / "samples" / "documents" / "encyclopaedia"
PROMPT = "Answer from these passages.\n{% for one in documents %}\n[{{ one.meta.source }}] {{ one.content }}{% endfor %}\nQuestion: {{ question }}"
QUESTION = "Who first described Damaro fever?"

with TemporaryDirectory() as folder:
    indexing, asking = Pipeline(), Pipeline()
    indexing.add_component("converter", TextFileToDocument())
    indexing.add_component("writer", TadaragWriter(folder))
    indexing.connect("converter.documents", "writer.documents")
    print(indexing.run({"converter": {"sources": sorted(ENCYCLOPAEDIA.glob("*.md"))}})["writer"])
    asking.add_component("retriever", TadaragRetriever(folder, top_k=2))
    asking.add_component("prompt", PromptBuilder(PROMPT, required_variables="*"))
    asking.connect("retriever.documents", "prompt.documents")
    print(asking.run({"retriever": {"query": QUESTION}, "prompt": {"question": QUESTION}})["prompt"]["prompt"])
    indexing.close()
    asking.close()
