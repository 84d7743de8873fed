"""Citation recall: the share of the gold sources that an answer cites."""

from tadarag.evaluation.records import AnswerRecord


def citation_recall(record: AnswerRecord) -> float | None:
    """Gold sources that a citation with an existing quote names / gold sources; a refusal is 0.0; None without gold sources.

    Source: the citation recall of Gao et al., ALCE, EMNLP 2023, with labelled sources in place of an entailment model.
    """
    if not record.gold_sources:
        return None
    cited = {citation.source for citation in record.citations if citation.exists} if record.found else set()
    return len(cited & record.gold_sources) / len(record.gold_sources)
