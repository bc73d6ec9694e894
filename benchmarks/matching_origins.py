"""Seven origins of names, each with the ways in which English systems write it otherwise: is any group missed more?

All people are invented; names and ways are common usage. The chance of an error is the same in every group, only its
kind differs; birth dates, addresses and homes are alike. A third of the families is not held by the source.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.matching_table import Row, Table, Tally, ask_all
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name, Person, Sex
from mash_trawl.model.query import Candidate

Chance = random.Random
Written = tuple[str, str]
Way = Callable[[str, str, Chance], Written]
ERRORS = 0.2
"""This share of the records is written in one of the group's ways."""
LANES = ("Mill", "Forge", "Canal", "Park")


def spelt(forms: Mapping[str, str]) -> Way:
    """The given name in another writing, where there is one."""
    return lambda given, family, _: (forms.get(given, given), family)


def _halved(given: str, family: str, chance: Chance) -> Written:
    return given, chance.choice(family.split("-"))


def _slipped(given: str, family: str, chance: Chance) -> Written:
    at = chance.randrange(1, len(given) - 1)
    return given[:at] + given[at + 1] + given[at] + given[at + 2 :], family


def _plain(given: str, family: str, _: Chance) -> Written:
    """Without the marks and strokes that English keyboards lack."""
    table = str.maketrans("łąęśćńóźżáéíúŁŚ", "laescnozzaeiuLS")
    return given.translate(table), family.translate(table)


def _masculine(given: str, family: str, _: Chance) -> Written:
    return given, family[:-1] + "i" if family.endswith("ska") else family


def _turned(given: str, family: str, _: Chance) -> Written:
    return family, given


def _apart(given: str, family: str, _: Chance) -> Written:
    return given.replace("-", " "), family


def _together(given: str, family: str, _: Chance) -> Written:
    first, *rest = given.split("-")
    return first + "".join(rest).lower(), family


def _third_left_out(given: str, family: str, _: Chance) -> Written:
    return given, family.split()[0]


def _border_moved(given: str, family: str, _: Chance) -> Written:
    first, *rest = family.split()
    return (f"{given} {first}", " ".join(rest)) if rest else (given, family)


def _no_mark(given: str, family: str, _: Chance) -> Written:
    return given, family.replace("O'", "").replace("Mc", "Mac")


def _titled(given: str, family: str, _: Chance) -> Written:
    return given, {"Begum": "Khatun", "Bibi": "Begum"}.get(family, family)


def _religious(given: str, family: str, _: Chance) -> Written:
    """Kaur or Singh among the given names, and a clan's name as the family name; or the other way."""
    return f"{given} {family}", "Gill"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Names of one origin, and how they are written otherwise. `women` are family names that women alone bear."""

    girls: str
    boys: str
    families: str
    women: str = ""
    ways: tuple[Way, ...]

    def family(self, sex: Sex, chance: Chance) -> str:
        """A family name, as somebody of this sex bears it."""
        bears = self.women if sex == "female" and self.women else self.families
        return bears.split(", ")[chance.randrange(len(bears.split(", ")))]


ORIGINS: Mapping[str, Origin] = {
    "English": Origin(
        girls="Olivia Charlotte Katherine Elizabeth Harriet Matilda Rebecca Victoria Phoebe Imogen Beatrice Rosalind",
        boys="Thomas William Benjamin Alexander Joshua Samuel Nicholas Matthew Gregory Frederick Timothy Edmund",
        families="Harris, Booth-Taylor, Whitfield, Ackroyd, Lister-Hall, Sutcliffe, Haigh, Barraclough, Dyson",
        ways=(spelt({"Thomas": "Tom", "Katherine": "Kate", "William": "Will", "Elizabeth": "Beth", "Samuel": "Sam",
                     "Rebecca": "Becky", "Katharine": "Katherine"}), _halved, _slipped),
    ),
    "South Asian": Origin(
        girls="Aisha Fatima Zainab Maryam Khadija Nadia Saima Rukhsana Shazia Noreen Farzana Tahira",
        boys="Mohammed Usman Hamza Bilal Imran Tariq Rashid Faisal Kamran Naveed Shahid Waqas",
        families="Hussain, Malik, Qureshi, Chaudhry, Mirza, Sheikh, Rehman, Akhtar, Iqbal, Siddiqui",
        women="Begum, Bibi, Akhtar, Malik, Qureshi, Chaudhry, Mirza, Sheikh",
        ways=(spelt({"Mohammed": "Muhammad", "Aisha": "Ayesha", "Fatima": "Fathima", "Usman": "Uthman",
                     "Zainab": "Zaynab", "Maryam": "Mariam", "Khadija": "Khadeeja", "Hamza": "Hamzah"}),
              _titled, _slipped),
    ),
    "Somali": Origin(
        girls="Ayaan Hodan Ifrah Sagal Hibaq Fowsiya Nasteho Ubah Idil Deeqa Sahra Filsan",
        boys="Abdirahman Liban Guled Bashir Mahad Warsame Jama Cabdi Zakariya Faarax Mukhtar Diriye",
        families="Mohamed Ali, Hassan Farah, Warsame Nur, Abdi Jama, Yusuf Aden, Ahmed Omar, Ibrahim Duale, Isse Hirsi",
        ways=(spelt({"Ayaan": "Ayan", "Abdirahman": "Abdurahman", "Cabdi": "Abdi", "Faarax": "Farah",
                     "Sahra": "Zahra"}), _third_left_out, _border_moved),
    ),
    "Polish": Origin(
        girls="Zofia Małgorzata Agnieszka Katarzyna Elżbieta Grażyna Bożena Justyna Weronika Kinga Łucja Wiesława",
        boys="Łukasz Paweł Michał Wojciech Grzegorz Krzysztof Sławomir Zbigniew Bartosz Mateusz Jarosław Przemysław",
        families="Kowalski, Wiśniewski, Zieliński, Nowak, Wójcik, Mazur, Dąbrowski, Król, Pająk, Gołąb",
        women="Kowalska, Wiśniewska, Zielińska, Nowak, Wójcik, Mazur, Dąbrowska, Król, Pająk, Gołąb",
        ways=(_plain, _masculine, spelt({"Katarzyna": "Kasia", "Wojciech": "Wojtek", "Małgorzata": "Gosia"})),
    ),
    "Chinese order": Origin(
        girls="Xiao-Mei Li-Hua Yan-Ling Shu-Fen Jia-Yi Wen-Jing Hui-Min Mei-Xiu Ting-Ting Xue-Qin Yu-Han Rui-Xin",
        boys="Zhi-Wei Jian-Guo Hao-Ran Jun-Jie Ming-Zhe Yi-Chen Wei-Dong Guo-Qiang Shao-Hua Tian-Yu Bo-Wen Zi-Hang",
        families="Zhang, Wang, Chen, Huang, Zhao, Zhou, Liang, Xie, Tang, Deng", ways=(_turned, _apart, _together),
    ),
    "Irish Traveller": Origin(
        girls="Bridget Margaret Kathleen Winifred Philomena Noreen Nora Máire Áine Concepta Chantelle Shakira",
        boys="Patrick Martin Michael Bernard Séamus Cornelius Dermot Jeremiah Pádraig Christopher Francis Gerard",
        families="McDonagh, O'Reilly, Connors, Maughan, McGinley, O'Donoghue, Joyce, Quilligan, Sweeney, Stokes",
        ways=(spelt({"Patrick": "Paddy", "Bridget": "Biddy", "Margaret": "Maggie", "Michael": "Mick", "Máire": "Maire",
                     "Séamus": "Seamus", "Pádraig": "Padraig"}), _no_mark, _slipped),
    ),
    "Sikh": Origin(
        girls="Harpreet Manjit Gurleen Simran Jasleen Navneet Rajwinder Kulwinder Amandeep Parminder Baljit Sukhdeep",
        boys="Gurpreet Jaspal Harjit Manveer Inderjit Kuldeep Lakhbir Mandeep Navtej Ranjit Sukhvinder Tejinder",
        families="Singh, Singh, Singh, Sandhu, Dhillon, Grewal, Gill",
        women="Kaur, Kaur, Kaur, Sandhu, Dhillon, Grewal, Gill",
        ways=(_religious, spelt({"Harpreet": "Harprit", "Manjit": "Manjeet", "Baljit": "Baljeet", "Ranjit": "Ranjeet",
                                 "Harjit": "Harjeet"}), _slipped),
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Human:
    """One invented person and whether the source holds them."""

    id: str
    given: str
    family: str
    sex: Sex
    born: date
    home: Address
    held: bool


def group(name: str, families: int, seed: int = 1) -> Tally:
    """Everybody of so many families of one origin, asked about at a source that holds two thirds of them."""
    chance = random.Random(f"{seed}/{name}")
    people = [human for number in range(families) for human in _family(ORIGINS[name], number, chance)]
    table = Table(_row(human, ORIGINS[name], chance) for human in people if human.held)
    return ask_all(table, ([(one.id, _person(one))] for one in people), MatchPolicy(population=300_000))


def _family(origin: Origin, number: int, chance: Chance) -> Iterator[Human]:
    """Two parents and three children in one home, every tenth family with twins; each name once in a home."""
    home = Address(lines=(f"{number % 90 + 1} {LANES[number % 4]} Lane",), uprn=str(100_024_000_000 + number * 37),
                   postcode=f"NB{number // 200 + 1} {number // 20 % 9 + 1}AA")  # fmt: skip
    held = chance.random() < 2 / 3
    sexes: tuple[Sex, ...] = ("female", "male", *(chance.choice(("female", "male")) for _ in range(3)))
    taken: set[str] = set()
    born = date(1980, 1, 2) + timedelta(days=chance.randrange(5000))
    for place, sex in enumerate(sexes):
        names = [one for one in (origin.girls if sex == "female" else origin.boys).split() if one not in taken]
        given = chance.choice(names)
        taken.add(given)
        if place >= 2 and not (place == 4 and number % 10 == 0):
            born = date(2009, 1, 2) + timedelta(days=chance.randrange(5500))
        own = born if place != 1 else born + timedelta(days=chance.randrange(-900, 900))
        family = origin.family(sex, chance)
        yield Human(id=f"{number}-{place}", given=given, family=family, sex=sex, born=own, home=home, held=held)


def _row(human: Human, origin: Origin, chance: Chance) -> Row:
    given, family = human.given, human.family
    if chance.random() < ERRORS:
        given, family = chance.choice(origin.ways)(given, family, chance)
    born = human.born
    if chance.random() < 0.02:
        born = born.replace(day=born.day % 28 + 1)
    names = (Name(given=(given,), family=family),)
    return Row(
        whose=human.id,
        candidate=Candidate(
            ref=f"r{human.id}", names=names, born=PartialDate.of(born), sex=human.sex, addresses=(human.home,)
        ),
    )  # fmt: skip


def _person(human: Human) -> Person:
    return Person(
        id=human.id, names=(Name(given=(human.given,), family=human.family),), born=PartialDate.of(human.born),
        sex=human.sex, addresses=(human.home,),
    )  # fmt: skip
