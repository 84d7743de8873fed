"""How documents are routed is said by set, and the sets that training knows are kept apart."""

from tadarag.training.router_documents import N_EACH, judge_documents
from tadarag.training.router_sources import Labelled

TRIAL = "The patient received the drug; symptoms, diagnosis and treatment of the disease were recorded."


def row(source, label, text=TRIAL):
    return Labelled(text=text, label=label, language="en", source=source)


def test_sets_that_training_knows_are_kept_apart():
    figures = judge_documents([row("bc5cdr", "bio_medical_research"), row("ddi", "finance"), row("ddi", "bio_medical_research")])
    assert figures["by_set"] == {"bc5cdr": 1.0, "ddi": 0.5}
    assert (figures["mean_of_sets"], figures["mean_of_sets_known"], figures["mean_of_sets_unknown"]) == (0.75, 1.0, 0.5)
    assert figures["right"] == 0.6667
    assert figures["f1"] == {"bio_medical_research": 0.8, "finance": 0.0}


def test_a_large_set_counts_with_its_first_documents():
    rows = [row("bc5cdr", "bio_medical_research")] * N_EACH + [row("bc5cdr", "news")] * 50
    assert judge_documents(rows)["right"] == 1.0


def test_a_figure_of_no_set_is_not_zero():
    assert judge_documents([row("bc5cdr", "bio_medical_research")])["mean_of_sets_unknown"] is None
