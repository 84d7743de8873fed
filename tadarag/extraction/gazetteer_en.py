"""English words that tell what kind of thing a capitalised name is."""

from __future__ import annotations

# Names whose head word is one of these: "Halvrin Group", "University of Tarnwick" (the head stands before "of").
HEAD_KINDS: dict[str, str] = {
    **dict.fromkeys(
        "inc ltd corp corporation llc plc gmbh company companies co group holdings university college institute hospital clinic bank ministry "
        "department agency association committee council commission court party union school academy museum foundation society club office "
        "board authority bureau press times post tribune journal courier airlines airways records studios entertainment systems technologies "
        "industries partners laboratories laboratory orchestra band army navy police parliament senate congress library federation league "
        "network radio television broadcasting ensemble choir brothers utility service services administration organization organisation "
        "fund trust team regiment division brigade works line railways motors pharmaceuticals pharma labs software associates "
        "assembly nations church seminary".split(),
        "organization",
    ),
    **dict.fromkeys(
        "river lake city island islands county mountain mountains street road avenue bridge valley bay sea ocean province district park "
        "airport station square town village beach hills hill desert forest castle canal harbour harbor creek peninsula narrows state republic "
        "kingdom region coast falls plateau glacier cathedral gulf cape fort strait territory township borough boulevard highway lane heights "
        "gardens plain plains basin reef prefecture governorate parish isle mount".split(),
        "location",
    ),
    **dict.fromkeys(
        "war battle olympics cup championship championships festival conference summit games revolution election elections prix tournament siege "
        "uprising rebellion massacre expo treaty congress crisis invasion earthquake hurricane".split(),
        "event",
    ),
}
PERSON_PREFIXES = frozenset(
    "president king queen prince princess sir lord lady captain general colonel major lieutenant sergeant professor senator governor pope "
    "emperor saint judge justice minister chancellor bishop archbishop count countess duke duchess baron admiral sheikh".split()
)
HONORIFICS = frozenset("mr mrs ms miss dr prof".split())
PLACE_PREFIXES = frozenset("lake mount port fort cape saint san santa los las gulf el north south east west new".split())
ROLES = frozenset(
    "executive president chairman chairwoman chair director founder co-founder manager minister secretary spokesman spokeswoman spokesperson "
    "engineer actor actress singer writer author novelist poet composer painter artist professor scientist physicist historian journalist "
    "reporter correspondent editor lawyer attorney judge mayor governor senator officer inspector captain coach player footballer musician "
    "producer screenwriter architect politician businessman businesswoman philosopher mathematician chemist economist bailiff analyst "
    "husband wife brother sister son daughter father mother king queen".split()
)
COUNTRIES = frozenset(
    (
        "afghanistan;albania;algeria;argentina;armenia;australia;austria;azerbaijan;bangladesh;belarus;belgium;bolivia;bosnia;botswana;"
        "brazil;bulgaria;cambodia;cameroon;canada;chile;china;colombia;costa rica;croatia;cuba;cyprus;czech republic;denmark;ecuador;"
        "egypt;england;estonia;ethiopia;finland;france;georgia;germany;ghana;greece;guatemala;haiti;hungary;iceland;india;indonesia;"
        "iran;iraq;ireland;israel;italy;jamaica;japan;jordan;kazakhstan;kenya;kuwait;laos;latvia;lebanon;libya;lithuania;luxembourg;"
        "malaysia;mali;mexico;mongolia;morocco;myanmar;namibia;nepal;netherlands;new zealand;nicaragua;nigeria;north korea;norway;oman;"
        "pakistan;panama;paraguay;peru;philippines;poland;portugal;qatar;romania;russia;rwanda;saudi arabia;scotland;senegal;serbia;"
        "singapore;slovakia;slovenia;somalia;south africa;south korea;soviet union;spain;sri lanka;sudan;sweden;switzerland;syria;"
        "taiwan;tanzania;thailand;tunisia;turkey;uganda;ukraine;united kingdom;united states;united states of america;u.s;u.k;usa;uk;"
        "us;uruguay;uzbekistan;venezuela;vietnam;wales;yemen;zambia;zimbabwe"
    ).split(";")
)
# States and provinces, which often follow a town after a comma.
REGIONS = frozenset(
    (
        "alabama;alaska;arizona;arkansas;california;colorado;connecticut;delaware;florida;hawaii;idaho;illinois;indiana;iowa;kansas;"
        "kentucky;louisiana;maine;maryland;massachusetts;michigan;minnesota;mississippi;missouri;montana;nebraska;nevada;new hampshire;"
        "new jersey;new mexico;new york;north carolina;north dakota;ohio;oklahoma;oregon;pennsylvania;rhode island;south carolina;"
        "south dakota;tennessee;texas;utah;vermont;virginia;washington;west virginia;wisconsin;wyoming;ontario;quebec;british columbia;"
        "alberta"
    ).split(";")
)
CONTINENTS = frozenset("europe;asia;africa;north america;south america;latin america;middle east;antarctica;scandinavia".split(";"))
PLACES = (
    COUNTRIES
    | CONTINENTS
    | REGIONS
    | frozenset(
        (
            "london;paris;berlin;madrid;rome;moscow;tokyo;beijing;shanghai;hong kong;delhi;mumbai;sydney;melbourne;toronto;montreal;"
            "chicago;los angeles;san francisco;boston;philadelphia;houston;dallas;atlanta;miami;seattle;detroit;denver;baltimore;"
            "new orleans;las vegas;vienna;prague;budapest;warsaw;dublin;edinburgh;glasgow;manchester;liverpool;birmingham;oxford;cambridge;"
            "amsterdam;brussels;stockholm;oslo;copenhagen;helsinki;lisbon;athens;istanbul;cairo;baghdad;tehran;jerusalem;tel aviv;beirut;"
            "damascus;kabul;seoul;bangkok;manila;jakarta;buenos aires;rio de janeiro;sao paulo;mexico city;havana;munich;hamburg;frankfurt;"
            "milan;naples;venice;florence;barcelona;geneva;zurich;kyoto;osaka"
        ).split(";")
    )
)
GIVEN_NAMES = frozenset(
    "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew "
    "joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott "
    "brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose henry adam douglas nathan peter "
    "zachary kyle walter harold jeremy ethan carl keith roger gerald christian terry sean arthur austin noah lawrence jesse joe bryan billy "
    "jordan albert dylan bruce willie gabriel alan juan logan wayne ralph roy eugene randy vincent russell louis philip bobby johnny bradley "
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa margaret betty sandra ashley dorothy kimberly emily "
    "donna michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia kathleen amy shirley angela helen anna brenda pamela "
    "nicole samantha katherine emma ruth christine catherine debra rachel carolyn janet virginia maria heather diane julie joyce victoria "
    "kelly christina joan evelyn lauren judith olivia frances martha cheryl megan andrea hannah jacqueline ann jean alice kathryn gloria "
    "teresa sara janice doris madison julia grace judy abigail marie denise beverly amber theresa marilyn danielle diana brittany natalie "
    "sophia rose isabella alexis charlotte lee harrison fred leonard leo max oscar otto hans karl friedrich wilhelm johann franz heinrich "
    "pierre jacques francois claude andre antonio carlos luis pedro pablo miguel manuel francisco fernando diego giovanni giuseppe marco "
    "mario paolo luigi ivan vladimir boris mikhail sergei nikolai dmitri alexei yuri leon jimmy tom tim bill bob mike dan ben sam jim chris "
    "steve tony nick matt alex ed greg jeff ken ron don ray harry charlie simon martin neil ian graham stuart colin nigel hugh oliver edgar "
    "ernest clarence herbert howard ludwig mohammed muhammad ahmed ali hassan omar abraham isaac moses elijah lucy ellen jane anne kate "
    "eleanor florence clara edith agnes".split()
)
CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday friday "
    "saturday sunday".split()
)
ADVERBS = frozenset(
    "later now soon again once perhaps meanwhile yet still even just only thus hence therefore moreover furthermore nevertheless today yesterday "
    "finally recently currently originally initially eventually subsequently despite unlike like within without under instead unless whether "
    "whenever wherever additionally according sometimes often".split()
)
# Words that often open a sentence and are no names; verbs in -ing and adverbs in -ly are told by their ending.
SENTENCE_STARTERS = frozenset(
    "according many most some several other others another all any each every few more less much nobody nothing none someone everyone people "
    "today yesterday tomorrow now later soon again once never always often sometimes perhaps maybe please thank thanks yet still even just "
    "only thus hence therefore moreover furthermore nevertheless meanwhile instead unlike like despite within without between among through "
    "throughout under over above below about against around behind beside beyond near across along together additionally finally recently "
    "currently next last previous new old good better best well given based see note click open select enter if unless whether whenever "
    "wherever whatever four five six seven eight nine ten dozens hundreds thousands prior due upon per via former early late little "
    "up down out off back away very too quite rather almost another dear hello yes".split()
)
