"""Facts written in Chinese: titles, names, numbers with a unit, dates and negations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mom.fact_kinds import Kind, Reading

_HAN = "\u3400-\u9fff"
_DAY = "[0-9０-９〇零一二三四五六七八九十]"
_NUMERAL = "[〇零一二两兩三四五六七八九十百千万萬亿億]"
_UNIT = (
    "(?:个百分点|平方公里|平方米|立方米|公里|千米|厘米|毫米|公斤|千克|公顷|小时|分钟|美元|欧元|日元|港元|克拉|[元米吨克倍人名位家台辆艘座条项件种岁天次亩度届期"
    "周秒个股票户例所枚张本集楼层架款场队组箱瓶页篇对万亿年月])"
)
_TITLE = re.compile(r"《[^《》\n]{1,60}》")
_DATE = re.compile(
    rf"{_DAY}{{2,4}}年(?:{_DAY}{{1,3}}月(?:{_DAY}{{1,3}}[日号]|份)?|[初底末中])?|(?<!{_DAY}){_DAY}{{1,3}}月(?:{_DAY}{{1,3}}[日号]|[份初底末])?"
    rf"|(?<!{_DAY}){_DAY}{{1,3}}[日号]"
)
_DIGITS = re.compile(rf"(?<![A-Za-z0-9.,-])[0-9０-９]+(?:[.,．][0-9０-９]+)*(?: ?[%％‰]|[余多]?[百千万萬亿億]*[余多]?{_UNIT}?)")
_NUMBER = re.compile(
    rf"百分之{_NUMERAL}+(?:点{_NUMERAL}+)?|第{_NUMERAL}+[条章届次名位季节期部集大]?|(?!一[个位名次条种家项件天人场本集张年]){_NUMERAL}+(?:点{_NUMERAL}+)?[余多]?{_UNIT}"
)
_SOUNDS = (
    "翰阿埃艾爱安奥巴白班邦保鲍贝本比彼别波伯勃博布查达大丹当道德登迪蒂丁东杜多恩尔凡方菲费芬佛弗福夫盖冈高戈格葛古哈海汉豪荷赫黑亨洪胡霍基吉加贾杰金卡凯"
    "坎康考柯科克肯库拉莱赖兰朗劳勒雷里理丽利莉莲列林琳隆卢鲁路伦罗洛马玛迈麦曼芒梅门蒙米密摩莫姆默穆拿纳娜南内尼妮纽诺欧帕潘培佩彭皮珀普奇乔琼丘荣瑞若"
    "萨塞桑沙珊莎舍圣史斯司丝苏索塔泰汤唐特提廷图托瓦万威韦维温翁沃乌伍西希夏肖谢辛休雅亚扬耶伊英尤约泽扎詹珍朱兹佐顿"
)
_FOREIGN = re.compile(rf"[{_SOUNDS}]{{1,7}}(?:[·•・‧][{_SOUNDS}]{{1,7}}){{1,3}}")
# No name of a body or a place holds one of these: they end what stands to the left of it.
_STOPS = (
    "的了在是和与及或由被把对从向于为等将并但而也都就还又不其这那该各每有已曾会可要说称至到自给让使因以之所内外后前时据经过出来去着们他她它我你您如若则且却"
    "只很更最共约近超达即便当随个位名家座条项次"
)
_SUFFIX = (
    "有限公司|公司|集团|银行|大学|学院|中学|小学|医院|法院|检察院|委员会|研究院|研究所|协会|学会|基金会|联盟|出版社|交易所|俱乐部|博物馆|图书馆|实验室|日报|晚报|电视台|大桥"
    "|机场|车站|码头|水电站|自治区|半岛|海峡|[省市县州镇村岛湖河江湾港]"
)
_BODY = re.compile(rf"(?:(?![{_STOPS}])[{_HAN}]){{1,12}}(?:{_SUFFIX})(?<!.城市)(?![场民长值委域别级份流岸])")
_NO_BODIES = frozenset(
    (
        "本公司 该公司 分公司 子公司 母公司 总公司 上市公司 控股公司 股份公司 城市 都市 "
        "上市 超市 股市 门市 楼市 全市 全省 全县 全国 本市 本省 农村 乡村 香港 我市 我省 海湾 进港 海港 江河 江湖 一家公司"
    ).split()
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑罗梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖贾夏韦付邹孟熊秦邱江尹薛闫段雷侯"
    "龙陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉骆蓝"
    "辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤穆卓古吉缪简车项连芦麦褚娄窦戚岑党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬卞"
)
_AFTER = (
    "表示|认为|指出|介绍|告诉|透露|强调|解释|担任|出任|先生|女士|小姐|教授|博士|医生|律师|主任|局长|部长|省长|市长|书记|主席|总统|总理|董事长|总经理|总裁|经理|院士|校长"
    "|队长|记者|老师|工程师|说|称|率领|获得|当选"
)
_BEFORE = (
    "记者|主任|局长|部长|省长|市长|县长|书记|主席|总统|总理|董事长|总经理|总裁|经理|教授|院士|校长|院长|所长|行长|会长|队长|教练|导演|演员|作家|法官|律师|医生|代表|发言人"
    "|工程师|诗人|画家|甲方|乙方"
)
_PERSON = re.compile(
    rf"(?:{_BEFORE})：?([{_SURNAMES}][{_HAN}]{{1,2}}?)(?=[^{_HAN}]|{_AFTER}|[{_STOPS}])|(?<![{_HAN}])([{_SURNAMES}][{_HAN}]{{1,2}}?)(?={_AFTER})"
)
_NEGATION = re.compile(
    rf"(?:不得|不能|不可(?!能)|不会|不再|不应|不准|不予|不含|不包括|不适用|不构成|不需|不必|不宜|没有|未能|未曾|尚未|从未|并未|未经|未(?![来必婚])|无权|无需|无法|无须|并非|禁止|严禁|拒绝)[{_HAN}]{{0,2}}"
)
_FIRST: tuple[tuple[re.Pattern[str], Kind], ...] = ((_TITLE, "title"), (_DATE, "date"), (_FOREIGN, "name"))
_LAST: tuple[tuple[re.Pattern[str], Kind], ...] = ((_DIGITS, "number"), (_NUMBER, "number"), (_NEGATION, "negation"))


def find_chinese(text: str) -> Iterator[Reading]:
    """Start, end and kind of each reading, the surest first."""
    for form, kind in _FIRST:
        for match in form.finditer(text):
            yield *match.span(), kind
    for match in _PERSON.finditer(text):
        yield *match.span(1 if match.group(1) else 2), "name"
    for match in _BODY.finditer(text):
        if match.group() not in _NO_BODIES:
            yield *match.span(), "name"
    for form, kind in _LAST:
        for match in form.finditer(text):
            yield *match.span(), kind
