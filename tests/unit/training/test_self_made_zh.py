import gzip
import json
from itertools import pairwise
from pathlib import Path

import pytest

from tadarag.training.self_made_zh.__main__ import main
from tadarag.training.self_made_zh.frames import PARTS, Frame, read_frame, shipped_frames
from tadarag.training.self_made_zh.names import KINDS
from tadarag.training.self_made_zh.records import GENRES, MadeText, fits, made_texts, record, template_of_domain
from tadarag.training.self_made_zh.words import shipped_words

PLACES = ("countries", "provinces", "cities", "world_cities", "features")


@pytest.fixture(scope="module")
def texts() -> list[MadeText]:
    return list(made_texts(1500, seed=7))


def read_texts(file: Path) -> list[str]:
    return [json.loads(line)["text"] for line in gzip.decompress(file.read_bytes()).decode().splitlines()]


def test_a_frame_is_read_with_its_relations() -> None:
    assert read_frame("{p1}会见{p2}|p1 meets p2") == Frame("{p1}会见{p2}", (("p1", "meets", "p2"),))


def test_the_text_of_an_entity_is_the_text_at_its_span(texts: list[MadeText]) -> None:
    for made in texts:
        written = record(made, "one")
        for entity in written["entities"]:  # type: ignore[attr-defined]
            assert entity["text"] == made.text[entity["start"] : entity["end"]] != ""


def test_names_do_not_overlap(texts: list[MadeText]) -> None:
    assert all(one.end <= following.start for made in texts for one, following in pairwise(made.names))


def test_no_slot_or_mark_is_left_in_a_text(texts: list[MadeText]) -> None:
    assert not any(set("{}<>|") & set(made.text) for made in texts)


def test_types_and_relations_are_those_of_the_domains_template(texts: list[MadeText]) -> None:
    for made in texts:
        template = template_of_domain(made.domain)
        relations = {one.name: one for one in template.relations}
        assert {name.type for name in made.names} <= {one.name for one in template.entity_types}
        assert all(relations[relation].allows(made.names[head].type, made.names[tail].type) for head, relation, tail in made.relations)


@pytest.mark.parametrize("genre", GENRES)
def test_every_frame_fits_the_template_of_its_genre(genre: str) -> None:
    domain, _ = GENRES[genre]
    assert [frame.text for frame in shipped_frames()[genre] if not fits(frame, template_of_domain(domain))] == []


def test_a_frame_with_a_relation_that_the_template_does_not_allow_does_not_fit() -> None:
    assert not fits(read_frame("{p1}{l1}|l1 meets p1"), template_of_domain("news"))


def test_every_slot_and_mark_of_a_frame_can_be_filled() -> None:
    parts = [part for frames in shipped_frames().values() for frame in frames for part in PARTS.findall(frame.text)]
    assert all(slot[0] in KINDS if slot else mark in shipped_words().common for slot, mark in parts)


def test_one_seed_gives_one_sequence(texts: list[MadeText]) -> None:
    assert list(made_texts(300, seed=7)) == texts[:300]


def test_two_seeds_give_different_texts(texts: list[MadeText]) -> None:
    others = {made.text for made in made_texts(1500, seed=8) if made.names}
    assert len(others & {made.text for made in texts}) < 0.02 * len(others)


def test_texts_use_more_than_250_frames(texts: list[MadeText]) -> None:
    assert len({frame for made in texts for frame in made.frames}) > 250


def test_there_are_more_than_400_real_places() -> None:
    assert len({place for part in PLACES for place in shipped_words().parts[part]}) > 400


def test_some_texts_name_nothing(texts: list[MadeText]) -> None:
    assert 0.1 < sum(not made.names for made in texts) / len(texts) < 0.4


def test_the_written_dev_texts_are_not_in_train(tmp_path: Path) -> None:
    main(["--out", str(tmp_path), "--n", "400"])
    train, dev = read_texts(tmp_path / "train.jsonl.gz"), read_texts(tmp_path / "dev.jsonl.gz")
    assert (len(train), len(dev)) == (380, 20)
    assert not set(train) & set(dev)


def test_a_set_is_written_to_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        main(["--out", str(tmp_path / name), "--n", "60", "--seed", "3"])
    for file in ("train.jsonl.gz", "dev.jsonl.gz", "types.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_the_types_file_counts_what_the_texts_hold(tmp_path: Path) -> None:
    main(["--out", str(tmp_path), "--n", "100"])
    types = json.loads((tmp_path / "types.json").read_text(encoding="utf-8"))
    assert sum(types["entity_types"].values()) == sum(len(made.names) for made in made_texts(100, seed=7))
