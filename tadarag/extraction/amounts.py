"""Numbers, money, percentages and quantities with units, normalised so that equal amounts are equal strings."""

from __future__ import annotations

import re

from tadarag.extraction.found import Found
from tadarag.extraction.numerals import chinese_integer, decimal_text

_CODES = {code: code for code in "USD EUR GBP CNY JPY CHF HKD AUD CAD INR KRW".split()} | {"RMB": "CNY"}
_CURRENCY_SIGNS = {"US$": "USD", "HK$": "HKD", "A$": "AUD", "C$": "CAD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "¥", "￥": "¥"} | {
    "人民币": "CNY",
    **_CODES,
}
_CURRENCY_WORDS = {
    **dict.fromkeys(["dollars", "dollar", "美元", "美金"], "USD"),
    **dict.fromkeys(["euros", "euro", "欧元"], "EUR"),
    **dict.fromkeys(["pounds sterling", "英镑"], "GBP"),
    **dict.fromkeys(["yuan", "renminbi", "元人民币", "人民币", "元"], "CNY"),
    **dict.fromkeys(["yen", "日元"], "JPY"),
    **dict.fromkeys(["rupees", "卢比"], "INR"),
    **dict.fromkeys(["港元", "港币"], "HKD"),
    **dict.fromkeys(["swiss francs", "瑞士法郎"], "CHF"),
    **_CODES,
}
_UNITS = {
    spelling: unit
    for unit, spellings in {
        "km": "kilometres kilometers kilometre kilometer km 公里 千米",
        "m": "metres meters metre meter m 米",
        "cm": "centimetres centimeters centimetre centimeter cm 厘米",
        "mm": "millimetres millimeters millimetre millimeter mm 毫米",
        "mi": "miles mile 英里",
        "ft": "feet foot ft 英尺",
        "nmi": "海里",
        "km2": "km² km2 平方公里",
        "m2": "m² m2 平方米",
        "m3": "m³ m3 立方米",
        "ha": "hectares hectare ha 公顷",
        "acre": "acres acre",
        "kg": "kilograms kilogram kg 公斤 千克",
        "g": "grams gram g 克",
        "mg": "milligrams milligram mg 毫克",
        "ug": "µg μg mcg 微克",
        "t": "tonnes tonne tons ton 吨",
        "l": "litres liters litre liter 升",
        "ml": "millilitres milliliters ml mL 毫升",
        "h": "hours hour 小时",
        "min": "minutes minute min 分钟",
        "s": "seconds second 秒",
        "d": "days day 天",
        "week": "weeks week 周 星期",
        "month": "months month 个月",
        "year": "years year",
        "kW": "kilowatts kilowatt kW 千瓦",
        "MW": "megawatts megawatt MW 兆瓦",
        "GW": "gigawatts gigawatt GW",
        "kWh": "kWh 千瓦时",
        "V": "volts volt V 伏",
        "GB": "gigabytes gigabyte GB",
        "MB": "megabytes megabyte MB",
        "TB": "terabytes terabyte TB",
        "GHz": "GHz",
        "MHz": "MHz",
        "km/h": "km/h kph",
        "m/s": "m/s",
        "degC": "°C ℃ 摄氏度",
        "degF": "°F",
    }.items()
    for spelling in spellings.split()
} | {"metres per second": "m/s", "meters per second": "m/s", "square kilometres": "km2", "square kilometers": "km2", "square metres": "m2"}


def _alternatives(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?<![A-Za-z0-9_.,#])(?<![A-Za-z]-)(?P<sign>(?:{_alternatives(_CURRENCY_SIGNS)}) ?)?(?P<number>{_NUMBER})"
    r"(?P<magnitude>[ -]?(?:hundred|thousand|million|billion|trillion|bn|mn)\b|[mk](?=\b)(?<=[$€£¥]\d[mk])|万亿|[十百千]?[万亿]|百|千)?"
    rf"(?:(?P<percent> ?[%％]| ?per ?cent\b|个百分点)|多?[ -]?(?P<currency>{_alternatives(_CURRENCY_WORDS)})(?![A-Za-z])"
    rf"|余?[ -]?(?P<unit>{_alternatives(_UNITS)})(?![A-Za-z0-9²³]))?(?![A-Za-z0-9_])"
)
_CHINESE_NUMERAL = "[零〇一二三四五六七八九两十百千万亿]"
_CHINESE_AMOUNT = re.compile(
    rf"百分之(?P<percent>{_CHINESE_NUMERAL}+|\d+(?:\.\d+)?)"
    rf"|(?<![第初零〇一二三四五六七八九两十百千万亿年月\d])(?P<number>[一二三四五六七八九两十百]{_CHINESE_NUMERAL}*)"
    r"(?:(?P<currency>美元|欧元|英镑|日元|港元|元(?![旦首帅素宵]))|(?P<unit>公里|千米|海里|厘米|毫米|公斤|千克|毫克|毫升|平方公里|平方米|公顷|吨|小时|分钟|个月|兆瓦|千瓦)"
    r"|(?P<person>[名位个]?(?=人|名|位|艘|辆|家|户|座|件|台|次|年|天|周)))"
)


def find_amounts(text: str, start: int, end: int, *, has_digits: bool, has_chinese: bool) -> list[Found]:
    """Numbers ("1200000"), money ("EUR 1200000"), percentages ("12.5 %") and quantities ("8 km") in text[start:end].

    A sign that several currencies share ("¥") stays as it is. Chinese numerals count when a unit, a currency or a measure word follows.
    """
    found: list[Found] = []
    if has_digits:
        found.extend(_amount(match) for match in _AMOUNT.finditer(text, start, end))
    if has_chinese:
        found.extend(one for match in _CHINESE_AMOUNT.finditer(text, start, end) if (one := _chinese_amount(match)))
    return found


def _amount(match: re.Match[str]) -> Found:
    sign, number, magnitude, percent, currency, unit = match.groups()
    value = decimal_text(number, (magnitude or "").lstrip(" -"))
    if percent:
        return Found(match.start(), match.end(), "percent", f"{value} %")
    if sign or currency:
        code = _CURRENCY_SIGNS[sign.strip()] if sign else _CURRENCY_WORDS[currency]
        return Found(match.start(), match.end(), "money", f"{code} {value}")
    if unit:
        return Found(match.start(), match.end(), "quantity", f"{value} {_UNITS[unit]}")
    return Found(match.start(), match.end(), "number", value)


def _chinese_amount(match: re.Match[str]) -> Found | None:
    percent = match["percent"]
    if percent:
        value = percent if percent[0].isdecimal() else chinese_integer(percent)
        return None if value is None else Found(match.start(), match.end(), "percent", f"{value} %")
    number = chinese_integer(match["number"])
    if number is None:
        return None
    if match["currency"]:
        return Found(match.start(), match.end(), "money", f"{_CURRENCY_WORDS[match['currency']]} {number}")
    if match["unit"]:
        return Found(match.start(), match.end(), "quantity", f"{number} {_UNITS[match['unit']]}")
    # "一家", "两次" are articles more often than counts.
    return Found(match.start("number"), match.end("number"), "number", str(number)) if number > 9 else None
