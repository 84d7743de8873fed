"""A LlamaIndex query engine over the sample documents; MockLLM repeats its prompt, so what is printed is what your LLM would be given.

python llama_index_query_engine.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from tadarag import KnowledgeBase
from tadarag.integrations.llama_index import TadaragGraphStore, TadaragPostprocessor, TadaragRetriever

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples" / "documents"

with TemporaryDirectory() as folder, KnowledgeBase.open(folder) as base:
    base.ingest(SAMPLES / "encyclopaedia", SAMPLES / "medicine")
    checked = TadaragPostprocessor(knowledge_base=base)
    engine = RetrieverQueryEngine.from_args(TadaragRetriever(base, similarity_top_k=2), llm=MockLLM(), node_postprocessors=[checked])
    response = engine.query("Who first described the disease that Fevrolin is used to treat?")
    print(response)
    for node in response.source_nodes:
        print(f"passage: {node.metadata['source']}, characters {node.metadata['start']} to {node.metadata['end']}, score {node.score:.2f}")
    for head, relation, tail in TadaragGraphStore(base).get_triplets(entity_names=["Halden Irwick"]):
        print(f"fact: {head.id} --{relation.label}--> {tail.id}, stated in {relation.properties['source']}")
