"""A LangChain chain over the sample documents; it ends before the model, so what is printed is what your chat model would be given.

python langchain_chain.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from tadarag import KnowledgeBase
from tadarag.integrations.langchain import TadaragRetriever

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples" / "documents"
PROMPT = ChatPromptTemplate.from_template("Answer from these passages and cite them.\n\n{passages}\n\nQuestion: {question}")

with TemporaryDirectory() as folder, KnowledgeBase.open(folder) as base:
    base.ingest(SAMPLES / "encyclopaedia", SAMPLES / "medicine")
    retriever = TadaragRetriever(knowledge_base=base, k=2)
    quoted = retriever | (lambda found: "\n\n".join(f"[{one.metadata['source']}] {one.page_content.strip()}" for one in found))
    chain = {"passages": quoted, "question": RunnablePassthrough()} | PROMPT  # | your chat model | StrOutputParser()
    print(chain.invoke("Who first described the disease that Fevrolin is used to treat?").to_string())
