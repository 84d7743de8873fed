"""What the rule extractor finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.extraction.rules import RuleExtractor
from tadarag.testing.extractor_contract import document_with_chunks, extraction_of
from tadarag.values import Extraction


def extract(text: str, date: str = "") -> Extraction:
    return extraction_of(RuleExtractor(), *document_with_chunks(text, date=date))


def kinds(text: str, date: str = "") -> dict[str, str]:
    return {mention.text: mention.kind for mention in extract(text, date).mentions}


def normals(text: str, date: str = "") -> dict[str, str]:
    return {mention.text: mention.normal for mention in extract(text, date).mentions if mention.normal}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("He works for Tarnwick Marine Company today.", "Tarnwick Marine Company", "organization"),
        ("She studied at the University of Tarnwick.", "University of Tarnwick", "organization"),
        ("It lies on the Ysk River.", "Ysk River", "location"),
        ("They met in France.", "France", "location"),
        ("We asked Mr Mennick about it.", "Mennick", "person"),
        ("We asked Mr. Mennick about it.", "Mennick", "person"),
        ("The chief executive Petra Solvane left.", "Petra Solvane", "person"),
        ("It was written by J. K. Rowling.", "J. K. Rowling", "person"),
        ("The Battle of Hastings was lost.", "Battle of Hastings", "event"),
        ("He saw Apollo 11 land.", "Apollo 11", "name"),
        ("Engineers praise the WHO.", "WHO", "name"),
        ("他在北京大学教书。", "北京大学", "organization"),
        ("奥罗文药品委员会宣布", "奥罗文药品委员会", "organization"),
        ("交通部长埃尔薇·索恩说", "埃尔薇·索恩", "person"),
        ("港务长马滕·克罗尔自2018年起主管该港", "马滕·克罗尔", "person"),
        ("记者王小明说", "王小明", "person"),
        ("他读过《红楼梦》。", "红楼梦", "title"),
        ("商品名为“菲弗洛林”，很贵", "菲弗洛林", "name"),
        ("总部在上海。", "上海", "location"),
        ("这台HX-200水泵", "HX-200", "identifier"),
        ("他用Python写作", "Python", "name"),
        ("See Section 4.2 of it.", "Section 4.2", "identifier"),
        ("依据第十二条处理", "第十二条", "identifier"),
        ("Ticket INC-20391 is open.", "INC-20391", "identifier"),
        ("write to lena@example.org now", "lena@example.org", "identifier"),
    ],
)
def test_names_are_found_with_their_kind(text: str, name: str, kind: str) -> None:
    assert kinds(text).get(name) == kind


@pytest.mark.parametrize(
    ("text", "value", "normal"),
    [
        ("on 9 March 2022 it", "9 March 2022", "2022-03-09"),
        ("on March 9, 2022, it", "March 9, 2022", "2022-03-09"),
        ("in Mar. 2022 it", "Mar. 2022", "2022-03"),
        ("in 1998 it", "1998", "1998"),
        ("in Q3 2024 it", "Q3 2024", "2024-Q3"),
        ("the third quarter of 2024 was", "third quarter of 2024", "2024-Q3"),
        ("the 1980s were", "1980s", "198X"),
        ("on 25/12/2024 it", "25/12/2024", "2024-12-25"),
        ("on 2024-02-29 it", "2024-02-29", "2024-02-29"),
        ("二〇二四年三月开工", "二〇二四年三月", "2024-03"),
        ("于2024年3月5日开工", "2024年3月5日", "2024-03-05"),
        ("2024年第三季度收入", "2024年第三季度", "2024-Q3"),
        ("民国三十八年迁台", "民国三十八年", "1949"),
        ("昭和元年即位", "昭和元年", "1926"),
        ("20世纪80年代", "20世纪80年代", "198X"),
        ("9月1日动工", "9月1日", "--09-01"),
        ("cost EUR 1.2 million in", "EUR 1.2 million", "EUR 1200000"),
        ("cost $41,500 in", "$41,500", "USD 41500"),
        ("投资3.2亿元建设", "3.2亿元", "CNY 320000000"),
        ("rose 12.5 % and", "12.5 %", "12.5 %"),
        ("rose 2.1 per cent and", "2.1 per cent", "2.1 %"),
        ("增长百分之十二左右", "百分之十二", "12 %"),
        ("runs 70 metres wide", "70 metres", "70 m"),
        ("长240米的泊位", "240米", "240 m"),
        ("发病后四十八小时内", "四十八小时", "48 h"),
        ("about 41 million korla", "41 million", "41000000"),
        ("约一百二十艘货轮", "一百二十", "120"),
    ],
)
def test_values_are_normalised(text: str, value: str, normal: str) -> None:
    assert normals(text).get(value) == normal


def test_an_ambiguous_date_stays_ambiguous() -> None:
    (mention,) = (one for one in extract("on 03/04/2024 it").mentions if one.kind == "time")
    assert (mention.text, mention.normal) == ("03/04/2024", "")


def test_a_day_that_does_not_exist_has_no_normal_form() -> None:
    assert "2023-02-30" in kinds("on 2023-02-30 it")
    assert "2023-02-30" not in normals("on 2023-02-30 it")


def test_relative_dates_are_read_against_the_date_that_the_document_states() -> None:
    assert normals("It fell last year.", date="2024-04-02")["last year"] == "2023"
    assert normals("去年11月开工", date="2025-09-02")["去年11月"] == "2024-11"
    assert normals("It fell yesterday.", date="2024-03-01")["yesterday"] == "2024-02-29"


def test_without_a_stated_date_relative_dates_tell_nothing() -> None:
    assert "last year" not in kinds("It fell last year.")


def test_a_common_word_that_opens_a_sentence_is_no_name() -> None:
    assert kinds("Engineers are rare. Many engineers left.") == {}


def test_two_names_joined_by_and_are_two_names() -> None:
    assert {"Port Hesk", "Quillen Bay"} <= kinds("between Port Hesk and Quillen Bay today").keys()


def test_a_name_of_unknown_kind_takes_the_kind_it_has_elsewhere_in_the_document() -> None:
    assert [mention.kind for mention in extract("We met Mr Mennick.\nLater Mennick left.").mentions] == ["person", "person"]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("the World Health Organization (WHO) says", ("World Health Organization", "same_as", "WHO")),
        ("Petra Solvane, chief executive of Halvrin Group, left.", ("Petra Solvane", "member_of", "Halvrin Group")),
        ("Halvrin Group was founded by Petra Solvane.", ("Halvrin Group", "founded_by", "Petra Solvane")),
        ("The Ysk Museum is a museum located in Tarnwick.", ("Ysk Museum", "located_in", "Tarnwick")),
        ("John Smith (born 5 March 1950) paints.", ("John Smith", "born_on", "5 March 1950")),
        ("John Smith (5 March 1950 – 7 May 2001) painted.", ("John Smith", "died_on", "7 May 2001")),
        ("John Smith was born on 5 March 1950 in Bonn.", ("John Smith", "born_in", "Bonn")),
        ("商品名为“菲弗洛林”(Fevrolin)，", ("菲弗洛林", "same_as", "Fevrolin")),
        ("北京大学位于北京。", ("北京大学", "located_in", "北京")),
    ],
)
def test_fixed_turns_of_phrase_state_relations(text: str, relation: tuple[str, str, str]) -> None:
    extraction = extract(text)
    names = [entity.name for entity in extraction.entities]
    assert relation in [(names[one.head], one.predicate, names[one.tail]) for one in extraction.relations]


def test_a_single_date_in_parentheses_tells_no_birth() -> None:
    assert extract("John Smith (5 March 1950) spoke.").relations == ()


@pytest.mark.parametrize(
    "text",
    [
        "Bids came from Japan, South Korea, and India.",
        "It ran shows in Pennsylvania, Massachusetts, and Texas.",
        "John Smith (1996–1997) raced.",
        "the north of India also known as Jat Kingdom",
    ],
)
def test_lists_and_runs_of_years_state_nothing(text: str) -> None:
    assert extract(text).relations == ()


@given(
    st.text(alphabet="AaBbé .,\n(1290)年月日第条公司北京省王·《》“”$%@-'\U0001f642", max_size=80),
    st.sampled_from(["", "2024-03-01", "2024"]),
)
def test_any_text_gives_exact_spans_inside_their_sentences_without_overlaps(text: str, date: str) -> None:
    document, chunks = document_with_chunks(text, date=date)
    mentions = extraction_of(RuleExtractor(), document, chunks).mentions
    end = 0
    for mention in mentions:
        sentence = chunks[mention.chunk].sentences[mention.sentence]
        assert mention.span.of(text) == mention.text
        assert max(end, sentence.start) <= mention.span.start < mention.span.end <= sentence.end
        end = mention.span.end
