from pathlib import Path

import pytest

import mom
from mom.scenarios import registry_version

KNOWN = ["biomedical_paper", "dialogue", "finance_report", "general", "legal_contract", "news", "policy", "support_manual", "textbook"]
TEXTS = [
    ("news", "VELMOUTH — The mayor said on Monday that the bridge would close. Police told reporters that witnesses saw a ship."),
    ("news", "新华社奥城3月8日电 记者获悉，港口将于下月关闭。市长表示：“我们别无选择。”警方发言人说，目击者看到一艘船。"),
    ("finance_report", "Revenue rose to 41 million in the quarter, net income fell, and the board proposed a dividend per share of 2."),
    ("finance_report", "报告期内，公司实现营业收入45.6亿元，同比增长12%，净利润3亿元，毛利率下降，董事会拟分红。"),
    (
        "legal_contract",
        "This Agreement is made between the parties. The Supplier shall give notice in writing. Either party may terminate for breach.",
    ),
    ("legal_contract", "甲方：星河公司。乙方：李明。双方签订本合同。乙方违约的，应当支付违约金。争议提交仲裁。"),
    ("biomedical_paper", "We randomised 312 patients to 40 mg or placebo. Adverse events were few; mortality fell (95% CI 0.4-0.9)."),
    ("biomedical_paper", "目的 评价疗效。方法 将120例患者随机分组，给予安慰剂或40毫克药物。结果 不良反应少。结论 治疗有效。"),
    (
        "support_manual",
        "Press the button to reset the device. If error E-204 stays, unplug the cable and replace the battery. Do not open the screen.",
    ),
    ("support_manual", "按下按钮重启设备。如仍显示错误代码，请拔下电缆并更换电池。请勿打开屏幕。安装步骤见说明书。"),
    (
        "policy",
        "The ministry enacted this regulation pursuant to the act. The agency shall issue guidelines on compliance and implementation.",
    ),
    ("policy", "国务院关于印发工作方案的通知。各省、自治区、直辖市人民政府要贯彻落实，加强监督管理。本办法自2024年1月1日起施行。"),
    (
        "dialogue",
        "Ann: Hello, thanks for coming.\nBob: Okay, let's start with the agenda.\nAnn: I'll send the minutes.\nBob: Yeah, agreed.\n",
    ),
    ("dialogue", "主持人：大家好，会议开始。\n李雷：我觉得可以。\n主持人：谢谢，下一项议程。\n李雷：好的，同意决议。\n"),
    (
        "textbook",
        "Definition 1. A group is called abelian if its law commutes. Theorem 2. Suppose G is finite. Proof. Exercise 3 asks students why.",
    ),
    ("textbook", "本章学习目标。定义1 若两个集合元素相同，称为相等。定理2 见证明。例题与习题见本节末，公式如图所示。"),
    ("general", "The heron is a bird of rivers. It nests in tall trees and eats fish."),
    ("general", "苍鹭是一种水鸟，在高树上筑巢，以鱼为食。"),
    ("general", ""),
]
OWN = """name: recipe
cues:
  en: [oven, flour, butter, bake, teaspoon]
  zh: [烤箱, 面粉, 黄油]
outline:
  headings: {en: [ingredients, method], zh: [材料]}
facets:
  - {name: heat, en: [degrees], patterns: ['\\d+ ?°C']}
lengths:
  words: {min: 10, max: 30}
  characters: {min: 10, max: 40}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "recipe.yaml").write_text(OWN, "utf-8")
    return tmp_path


def test_the_registry_holds_the_scenarios_of_the_specification() -> None:
    assert mom.scenario_names() == KNOWN


@pytest.mark.parametrize("name", KNOWN)
def test_every_scenario_tells_a_model_in_two_languages_who_to_be_and_what_to_keep(name: str) -> None:
    scenario = mom.load_scenario(name)
    assert all([scenario.persona_en, scenario.persona_zh, scenario.boundaries_en, scenario.boundaries_zh, scenario.linked_template])
    assert scenario.facets
    assert 0 < scenario.min_words < scenario.max_words


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_a_document_tells_its_scenario(name: str, text: str) -> None:
    detected, confidence, reasons = mom.detect_scenario(text)
    assert detected == name
    assert 0.0 <= confidence <= 1.0
    assert bool(reasons) == (name != "general")


def test_headings_tell_the_scenario_where_the_text_does_not() -> None:
    assert mom.detect_scenario("It was so.", ["Methods", "Results", "Adverse events", "Discussion", "Conclusions"])[0] == "biomedical_paper"


def test_what_stands_after_the_opening_does_not_change_the_scenario() -> None:
    opening = "The heron is a bird of rivers. " * 80
    assert mom.detect_scenario(opening + TEXTS[4][1] * 5) == mom.detect_scenario(opening)


def test_one_file_adds_a_scenario(folder: Path) -> None:
    text = "Heat the oven, mix flour and butter, and bake with a teaspoon of salt."
    assert "recipe" in mom.scenario_names([folder])
    assert mom.build(text, scenario_folders=[folder]).scenario == "recipe"
    assert mom.build(text).scenario == "general"


def test_a_users_file_takes_the_place_of_a_shipped_one(folder: Path) -> None:
    (folder / "mine.yaml").write_text(OWN.replace("name: recipe", "name: news"), "utf-8")
    assert mom.load_scenario("news", [folder]).max_words == 30


def test_a_changed_file_is_read_again_and_changes_the_fingerprint(folder: Path) -> None:
    builder = mom.StructuralBuilder(scenario_folders=(folder,))
    before = builder.fingerprint
    assert registry_version([folder]) in before
    (folder / "recipe.yaml").write_text(OWN.replace("max: 30", "max: 300"), "utf-8")
    assert mom.load_scenario("recipe", [folder]).max_words == 300
    assert builder.fingerprint != before != mom.StructuralBuilder().fingerprint


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(mom.UnknownScenario, match="'legal_contract'"):
        mom.load_scenario("legal_contrct")


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("lengths:", "lenghts:", 9, "did you mean 'lengths'"),
        ("max: 30", "max: 3", 10, "min is 10, max is 3"),
        ("'\\d+ ?°C'", "'['", 8, "no regular expression"),
        ("name: recipe", "name: My Recipe", 1, "no name of a scenario"),
        ("cues:", "cues: [", 4, "not YAML"),
        ("  headings:", "  never: [arabik]\n  headings:", 6, "did you mean 'arabic'"),
        ("{en: [ingredients, method], zh: [材料]}", "[a]", 6, "keys are expected"),
        ("lengths:\n  words: {min: 10, max: 30}\n  characters: {min: 10, max: 40}\n", "", 1, "'lengths' is missing"),
    ],
)
def test_a_mistake_is_reported_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    assert old in OWN
    (tmp_path / "recipe.yaml").write_text(OWN.replace(old, new, 1), "utf-8")
    with pytest.raises(mom.BadScenario) as error:
        mom.scenario_names([tmp_path])
    assert str(error.value).startswith(f"recipe.yaml, line {line}:")
    assert problem in str(error.value)


def titles(text: str, scenario: str) -> list[str]:
    return [entry.title for entry in mom.build(text, scenario=scenario).outline if not entry.is_topic]


@pytest.mark.parametrize(
    ("scenario", "text", "title"),
    [
        ("biomedical_paper", "Abstract\nWe saw it.\n\nMethods\nWe did it.\n", "Methods"),
        ("biomedical_paper", "摘要\n本文研究。\n\n结果\n有效。\n", "结果"),
        ("finance_report", "Opening words.\n\nOutlook\nWe expect growth.\n", "Outlook"),
        ("legal_contract", "Opening words.\n\nSchedule A\nThe goods are listed.\n", "Schedule A"),
        ("policy", "开头文字。\n附件1：任务表\n任务如下所列。\n", "附件1：任务表"),
        ("textbook", "Opening words.\n\nTheorem 2.1 Sums\nSums commute here.\n", "Theorem 2.1 Sums"),
        ("dialogue", "Opening words.\n\nAgenda item 1: Budget\nAnn: It is small.\n", "Agenda item 1: Budget"),
        ("support_manual", "Opening words.\n\nSymptom:\nIt will not start.\n", "Symptom"),
    ],
)
def test_a_scenario_has_headings_of_its_own(scenario: str, text: str, title: str) -> None:
    assert title in titles(text, scenario)
    assert title not in titles(text, "general")


@pytest.mark.parametrize("scenario", ["support_manual", "news", "dialogue"])
def test_numbered_steps_head_nothing_in_a_manual_in_news_and_in_talk(scenario: str) -> None:
    text = "Opening words.\n\n1. Turn it on\nThe light is green.\n\n2. Turn it off\nThe light is red.\n"
    assert titles(text, scenario) == []
    assert titles(text, "general") == ["1. Turn it on", "2. Turn it off"]


def test_a_scenario_sets_the_lengths() -> None:
    text = " ".join(f"The warden counted {n} birds near the cliff of Skomer today." for n in range(2, 60))
    assert len(mom.build(text, scenario="support_manual").items) > len(mom.build(text, scenario="textbook").items)


def test_a_scenario_likes_a_cut_before_its_cues() -> None:
    text = "".join(f"Ann: The budget of the harbour is small.\nIt is as it was in year {n}.\n" for n in range(40))

    def n_turns(scenario: str) -> int:
        return sum(item.span.of(text).startswith("Ann:") for item in mom.build(text, scenario=scenario, max_length=60).items)

    assert n_turns("dialogue") > n_turns("general")


def test_a_scenario_says_what_the_core_must_keep() -> None:
    plain = "The weather over Skomer was pleasant during lunch. The puffin colony occupied northern cliffs. Gannets circled bass rock lighthouse. "
    text = plain * 1 + "It shall pay them. Otters slept beside Shetland ferry jetties. Seals barked around Farne harbour walls all evening."
    memory = mom.build(text, scenario="legal_contract")
    assert "It shall pay them." in [span.of(text) for span in memory.items[0].core]
    assert "It shall pay them." not in [span.of(text) for span in mom.build(text, scenario="news").items[0].core]
