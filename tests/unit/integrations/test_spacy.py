"""tadarag's extractors inside a spaCy pipeline."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from tadarag import UsageError
from tadarag.extraction.small import is_shipped
from tadarag.integrations.spacy import TadaragExtractor
from tadarag.integrations.spacy_findings import DocEntity, DocRelation
from tadarag.integrations.spacy_picture import entity_picture, picture_page, relation_picture

ENGLISH = "The Ostrevir Yard was founded by Tomas Brandt on 9 March 1998. The yard paid EUR 1.2 million for 24 pumps."
CHINESE = "王伟加入了世界卫生组织。他在日内瓦买了24台水泵。"
needs_small = pytest.mark.skipif(not is_shipped(), reason="this installation holds no extractor")


@pytest.fixture(scope="module")
def nlp() -> Language:
    """A blank English pipeline with the rules."""
    made = spacy.blank("en")
    made.add_pipe("tadarag", config={"extractor": "rules"})
    return made


@pytest.fixture(scope="module")
def small() -> Language:
    """A blank Chinese pipeline with the extractor that ships."""
    made = spacy.blank("zh")
    made.add_pipe("tadarag", config={"template": "general_knowledge"})
    return made


def named(doc: Doc) -> dict[str, str]:
    return {entity.text: entity.label_ for entity in doc.ents}


def test_spacy_finds_the_component_without_an_import() -> None:
    script = "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('tadarag', config={'extractor': 'rules'}); print(nlp.pipe_names)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['tadarag']"


def test_entities_are_spans_of_the_doc_with_label_probability_and_normal_value(nlp: Language) -> None:
    doc = nlp(ENGLISH)
    assert named(doc)["9 March 1998"] == "time"
    assert named(doc)["EUR 1.2 million"] == "money"
    date = next(entity for entity in doc.ents if entity.label_ == "time")
    assert (date._.normal, date._.probability) == ("1998-03-09", 1.0)
    assert ENGLISH[date.start_char : date.end_char] == date.text


def test_relations_are_spans_with_the_sentence_that_states_them(nlp: Language) -> None:
    (fact,) = nlp(ENGLISH)._.relations
    assert isinstance(fact, DocRelation)
    assert {fact.head.text, fact.tail.text} == {"Ostrevir Yard", "Tomas Brandt"}
    assert fact.evidence.text == "The Ostrevir Yard was founded by Tomas Brandt on 9 March 1998."
    assert str(fact) == f"{fact.head.text} --{fact.predicate}--> {fact.tail.text}"
    assert 0 < fact.probability <= 1


def test_mentions_of_one_thing_are_one_entity(nlp: Language) -> None:
    doc = nlp("Petra Solvane joined the World Health Organization (WHO). The World Health Organization was glad.")
    things = {thing.name: thing for thing in doc._.entities}
    assert isinstance(things["World Health Organization"], DocEntity)
    assert [mention.text for mention in things["World Health Organization"].mentions] == [
        "World Health Organization",
        "WHO",
        "World Health Organization",
    ]


@needs_small
def test_chinese_is_read_in_a_blank_chinese_pipeline(small: Language) -> None:
    doc = small(CHINESE)
    assert named(doc)["世界卫生组织"] == "organization"
    assert named(doc)["日内瓦"] == "location"
    assert any((fact.head.text, fact.tail.text) == ("王伟", "世界卫生组织") for fact in doc._.relations)


@needs_small
def test_the_template_says_which_types_there_are(small: Language) -> None:
    component = small.get_pipe("tadarag")
    assert "person" in component.labels
    medical = TadaragExtractor(template="bio_medical_research")
    assert "disease" in medical.labels


def test_many_docs_are_read_in_their_order(nlp: Language) -> None:
    texts = [f"Anna Lind met Bo Velm on {day} May 2024." for day in range(1, 8)]
    alone = [[(entity.text, entity.label_) for entity in nlp(text).ents] for text in texts]
    assert [[(entity.text, entity.label_) for entity in doc.ents] for doc in nlp.pipe(texts, batch_size=3)] == alone


def test_docs_are_read_by_several_processes(nlp: Language) -> None:
    docs = list(nlp.pipe([ENGLISH, ENGLISH], n_process=2, batch_size=1))
    assert [str(doc._.relations[0]) for doc in docs] == [str(nlp(ENGLISH)._.relations[0])] * 2
    assert docs[0].ents[0]._.probability == 1.0


@pytest.mark.parametrize("text", ["", " \n\n ", "🙂🙂 🇨🇭", "no names here", "e\u0301te\u0301 in Gene\u0300ve\r\nand\u00ad Bern"])
def test_any_text_is_read(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert all(entity.text for entity in doc.ents)


def test_entities_that_are_there_stay_unless_they_are_to_be_overwritten(nlp: Language) -> None:
    def with_entity(doc: Doc) -> Doc:
        doc.ents = [doc.char_span(0, 17, label="SHIPYARD")]
        return doc

    doc = with_entity(nlp.make_doc(ENGLISH))
    kept = nlp.get_pipe("tadarag")(doc)
    assert named(kept)["The Ostrevir Yard"] == "SHIPYARD"
    assert "Tomas Brandt" in named(kept)
    overwritten = TadaragExtractor(extractor="rules", overwrite_ents=True)(with_entity(nlp.make_doc(ENGLISH)))
    assert "SHIPYARD" not in named(overwritten).values()


def test_findings_go_where_the_doc_goes(nlp: Language) -> None:
    doc = nlp(ENGLISH)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    (binned,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    for copy in (again, binned):
        assert [str(fact) for fact in copy._.relations] == [str(fact) for fact in doc._.relations]
        assert [entity._.normal for entity in copy.ents] == [entity._.normal for entity in doc.ents]


def test_a_doc_that_was_not_read_has_no_findings(nlp: Language) -> None:
    doc = nlp.make_doc(ENGLISH)
    assert (doc._.relations, doc._.entities) == ([], [])


def test_a_pipeline_comes_back_from_disk_and_bytes(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    loaded = spacy.load(tmp_path / "pipeline")
    from_bytes = spacy.blank("en")
    from_bytes.add_pipe("tadarag")
    from_bytes.from_bytes(nlp.to_bytes())
    for again in (loaded, from_bytes):
        assert named(again(ENGLISH)) == named(nlp(ENGLISH))
        assert again.get_pipe("tadarag").to_bytes() == nlp.get_pipe("tadarag").to_bytes()


def test_another_version_of_the_template_is_warned_of() -> None:
    component = TadaragExtractor(extractor="rules", template="news")
    data = re.sub(rb'"fingerprint": "\w+"', b'"fingerprint": "0123"', component.to_bytes())
    with pytest.warns(UserWarning, match="'news'"):
        component.from_bytes(data)


@pytest.mark.parametrize(
    ("config", "message"),
    [({"template": "newz"}, "newz"), ({"extractor": "llm"}, "language model")],
)
def test_a_wrong_setting_is_told_of_when_the_component_is_added(config: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        spacy.blank("en").add_pipe("tadarag", config=config)


def test_names_that_another_library_has_taken_are_told_of(nlp: Language) -> None:
    ours = Doc.get_extension("relations")
    Doc.set_extension("relations", default=None, force=True)
    try:
        with pytest.raises(UsageError, match=r"doc\._\.relations"):
            TadaragExtractor()
    finally:
        Doc.set_extension("relations", getter=ours[2], force=True)


def test_the_pictures_show_entities_and_facts(nlp: Language) -> None:
    doc = nlp(ENGLISH)
    (fact,) = doc._.relations
    assert 'class="entity"' in entity_picture(doc)
    assert fact.predicate in relation_picture(doc)
    page = picture_page(doc)
    assert page.startswith("<!doctype html>")
    assert "Tomas Brandt" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_a_text_is_never_markup_in_a_picture(nlp: Language) -> None:
    page = picture_page(nlp("<script>alert(1)</script> The <b>Ostrevir Yard</b> was founded by Tomas Brandt."))
    assert "<script" not in page
    assert "<b>" not in page


def test_a_doc_without_findings_has_a_picture_of_its_text(nlp: Language) -> None:
    with pytest.warns(UserWarning, match="W006"):
        page = picture_page(nlp("no names here"))
    assert "no names here" in page
    assert relation_picture(nlp("")) == ""


def test_spans_carry_the_extensions() -> None:
    assert Span.has_extension("probability")
    assert Span.has_extension("normal")
