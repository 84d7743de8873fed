"""Names of our own world: one maker for each kind of slot that a frame may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tadarag.training.self_made_zh.words import Words


@dataclass(frozen=True, slots=True)
class Naming:
    """A source of chance with the lists that it chooses from."""

    random: Random
    words: Words

    def one(self, *lists: str) -> str:
        """A word of each list, joined."""
        return "".join(self.random.choice(self.words.parts[name]) for name in lists)

    def first_of(self, *makers: tuple[float, Callable[[Naming], str]]) -> str:
        """What one of the makers makes, chosen by weight."""
        (chosen,) = self.random.choices([maker for _, maker in makers], weights=[weight for weight, _ in makers])
        return chosen(self)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a slot is filled with: an entity of type `type`, named by `make`."""

    type: str
    make: Callable[[Naming], str]


def _chinese_person(naming: Naming) -> str:
    surname = naming.one("compound_surnames" if naming.random.random() < 0.04 else "surnames")
    return surname + naming.one(*["given"] * (1 if naming.random.random() < 0.25 else 2))


def _syllables(naming: Naming) -> str:
    return naming.one(*["foreign"] * naming.random.choice((1, 1, 2, 2, 3)), "foreign_ends")


def _foreign_person(naming: Naming) -> str:
    return "·".join(_syllables(naming) for _ in range(2 if naming.random.random() < 0.3 else 1))


def _person(naming: Naming) -> str:
    return naming.first_of(
        (70, _chinese_person),
        (22, _foreign_person),
        (4, lambda n: n.one("japanese_surnames", "japanese_given")),
        (4, lambda n: n.one("ambiguous_people")),
    )


def _made_place(naming: Naming) -> str:
    return naming.one("stems", "place_ends")


def _city(naming: Naming) -> str:
    return naming.first_of((55, lambda n: n.one("cities")), (15, lambda n: n.one("cities") + "市"), (30, lambda n: n.one("world_cities")))


def _province(naming: Naming) -> str:
    province = naming.one("provinces")
    has_suffix = province not in ("内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门") and naming.random.random() < 0.5
    return province + ("省" if has_suffix else "")


def _place(naming: Naming) -> str:
    return naming.first_of(
        (25, _city),
        (20, lambda n: n.one("countries")),
        (15, _province),
        (15, lambda n: n.one("features")),
        (22, _made_place),
        (3, lambda n: n.one("foreign", "foreign", "foreign_ends")),
    )


def _home(naming: Naming) -> str:
    return naming.first_of(
        (40, lambda n: n.one("cities")),
        (25, lambda n: n.one("provinces")),
        (20, lambda n: n.one("stems")),
        (15, lambda n: n.one("countries")),
    )


def _brand(naming: Naming) -> str:
    return naming.one(*["brand"] * naming.random.choice((2, 2, 3)))


def _company(naming: Naming) -> str:
    return naming.first_of(
        (25, lambda n: _home(n) + _brand(n) + n.one("trade", "company_ends")),
        (20, lambda n: _home(n) + n.one("trade", "company_ends")),
        (20, lambda n: _brand(n) + n.one("company_ends")),
        (20, lambda n: _syllables(n) + n.one("foreign_company_ends")),
        (15, lambda n: _brand(n) + n.one("trade")),
    )


def _office(naming: Naming) -> str:
    return naming.first_of(
        (35, lambda n: n.one("offices")),
        (15, lambda n: n.one("countries", "offices")),
        (35, lambda n: _home(n) + n.one("local_offices")),
        (15, lambda n: n.one("world_bodies")),
    )


def _school(naming: Naming) -> str:
    return naming.first_of(
        (40, lambda n: _home(n) + n.one("school_ends")),
        (40, lambda n: _home(n) + n.one("discipline") + n.random.choice(("大学", "学院"))),
        (20, lambda n: _home(n) + n.one("research") + "研究所"),
    )


def _society(naming: Naming) -> str:
    return naming.first_of((50, lambda n: _home(n) + n.one("societies")), (50, lambda n: _home(n) + n.one("venues")))


def _organization(naming: Naming) -> str:
    return naming.first_of((30, _company), (30, _office), (20, _school), (20, _society))


def _team(naming: Naming) -> str:
    return naming.first_of(
        (75, lambda n: _home(n) + n.one("team_ends")),
        (15, lambda n: _home(n) + n.one("club_animals") + "队"),
        (10, lambda n: _home(n) + _brand(n) + "队"),
    )


def _ordinal(naming: Naming) -> str:
    return f"第{naming.random.choice('二三四五六七八九十')}届"


def _event(naming: Naming) -> str:
    return naming.first_of(
        (20, lambda n: n.one("event_topics", "event_ends")),
        (40, lambda n: _ordinal(n) + n.one("event_topics", "event_ends")),
        (10, lambda n: n.one("sport_events")),
        (20, lambda n: f"{_brand(n)}杯{n.one('sport_events')}"),
        (10, lambda n: n.one("troubles")),
    )


def _product(naming: Naming) -> str:
    return naming.first_of(
        (60, lambda n: _brand(n) + n.one("goods")), (40, lambda n: f"{_brand(n)}{n.random.randint(2, 900)}型{n.one('goods')}")
    )


def _work(naming: Naming) -> str:
    return naming.one("work_heads", "work_tails")


def _policy(naming: Naming) -> str:
    return naming.one("policy_topics", "policy_ends")


def _time(naming: Naming) -> str:
    year, month, day = naming.random.randint(1901, 2024), naming.random.randint(1, 12), naming.random.randint(1, 28)
    shown = (f"{month}月{day}日", f"{year}年", f"{year}年{month}月", f"{year}年{month}月{day}日", f"{day}日", f"{month}月")
    near = ("昨天", "今天", "今年", "去年", "上周三", "星期五", "本月初", "前天晚上", "今年年初", "去年年底", "上个世纪末", "今天上午")
    return naming.random.choice(shown if naming.random.random() < 0.7 else near)


def _dateline(naming: Naming) -> str:
    return f"{naming.random.randint(1, 12)}月{naming.random.randint(1, 28)}日"


def _year(naming: Naming) -> str:
    return f"{naming.random.randint(1870, 2015)}年"


def _money(naming: Naming) -> str:
    amount = naming.random.choice((f"{naming.random.randint(2, 990)}", f"{naming.random.randint(1, 90)}.{naming.random.randint(1, 9)}"))
    return amount + naming.random.choice(("万元", "亿元", "亿美元", "万美元", "亿日元", "万欧元", "亿元人民币"))


def _percent(naming: Naming) -> str:
    value = f"{naming.random.randint(1, 98)}" + naming.random.choice(("", f".{naming.random.randint(1, 9)}"))
    return naming.random.choice((f"{value}%", f"百分之{naming.random.choice('三五六七八九十')}", f"{value}个百分点"))


def _count(naming: Naming) -> str:
    return f"{naming.random.randint(2, 900)}{naming.random.choice(('', '多', '余', '万'))}" + naming.random.choice(("人", "名"))


def _length(naming: Naming) -> str:
    return f"{naming.random.randint(2, 900)}{naming.random.choice(('', '多'))}{naming.random.choice(('公里', '里', '千米'))}"


def _committee(naming: Naming) -> str:
    return "中共" + naming.first_of((60, lambda n: n.one("provinces") + "省委"), (40, lambda n: n.one("cities") + "市委"))


KINDS: Mapping[str, Kind] = {
    "p": Kind("person", _person),
    "f": Kind("person", _foreign_person),
    "c": Kind("location", lambda n: n.one("countries")),
    "a": Kind("location", lambda n: n.one("country_marks")),
    "g": Kind("location", _city),
    "l": Kind("location", _place),
    "v": Kind("location", _made_place),
    "r": Kind("location", _province),
    "o": Kind("organization", _organization),
    "b": Kind("organization", _company),
    "u": Kind("organization", _office),
    "x": Kind("organization", _school),
    "s": Kind("organization", _team),
    "w": Kind("organization", lambda n: n.one("agencies")),
    "e": Kind("event", _event),
    "d": Kind("product", _product),
    "z": Kind("product", _work),
    "y": Kind("policy", _policy),
    "t": Kind("time", _time),
    "j": Kind("time", _dateline),
    "h": Kind("time", _year),
    "m": Kind("number", _money),
    "k": Kind("number", _percent),
    "i": Kind("number", _length),
    "n": Kind("organization", _committee),
    "q": Kind("number", _count),
}
"""Kinds of slots by the letter that frames have for them."""
