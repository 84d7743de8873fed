"""Citation precision: the share of an answer's citations that can be trusted."""

from tadarag.evaluation.records import AnswerRecord


def citation_precision(record: AnswerRecord) -> float | None:
    """Share of citations whose quote stands in the named document AND whose document is a gold source.

    An answer without any citation counts 0.0. None for a refusal, and for a question without gold sources (refusing is judged elsewhere).
    Source: the citation precision of Gao et al., ALCE, EMNLP 2023, with labelled sources in place of an entailment model.
    """
    if not record.found or not record.gold_sources:
        return None
    right = [citation.exists and citation.source in record.gold_sources for citation in record.citations]
    return sum(right) / len(right) if right else 0.0


def citation_existence(record: AnswerRecord) -> float | None:
    """Share of citations whose quote stands in the named document, for every answer that cites; anything below 1.0 is a defect."""
    if not record.citations:
        return None
    return sum(citation.exists for citation in record.citations) / len(record.citations)
