"""Names by origin, commonest first: drawn so that common ones are common, and collisions really happen.

Compiled by hand from what is commonly known of names in England; nobody is meant. A family's origin says which lists
its members are drawn from. `WRITTEN` are other writings of one given name, as systems and referrers use them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one origin. `share` is per thousand families; `skew` how strongly the first ones lead."""

    share: int
    skew: float
    families: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]


def _names(share: int, skew: float, families: str, girls: str, boys: str) -> Names:
    return Names(
        share=share, skew=skew, families=tuple(families.split()), girls=tuple(girls.split()), boys=tuple(boys.split())
    )


ORIGINS: Mapping[str, Names] = {
    "english": _names(
        560, 1.7,
        """Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
        Roberts Green Hall Wood Jackson Clarke Harris Lewis Clark Cooper Ward Turner Hill Moore Morris Harrison
        King Baker Watson Lee Martin Morgan Allen James Scott Phillips Parker Bennett Cook Shaw Price Bailey Cox
        Young Davis Griffiths Adams Collins Richardson Marshall Carter Rogers Stevens Webb Mills Palmer Holmes
        Barnes Knight Hunt Fisher Ellis Chapman Mason Gibson Matthews Pearson Graham Lloyd Butler Foster Russell
        Powell Hughes Reid Barker Dixon Stone Fletcher Ashdown Pritchard Holloway Marsh Quill Tansley Fenwick
        Lisle Thornber Ackroyd Satterthwaite Entwistle Broadbent Sutcliffe Greenhalgh Ramsbottom Winterbottom
        Hartley Kershaw Booth Crossley Haigh Firth Armitage Sykes Beaumont Dyson Hirst Lockwood Mellor Whiteley
        Smith-Jones Taylor-Brown Hall-Green O'Connor-Hill""",
        """Olivia Amelia Emily Isla Ava Jessica Ella Isabella Poppy Mia Sophie Lily Grace Evie Scarlett Ruby Chloe
        Daisy Freya Phoebe Florence Alice Charlotte Sienna Matilda Evelyn Eva Millie Sofia Lucy Elsie Imogen
        Layla Rosie Elizabeth Erin Holly Molly Summer Willow Ellie Bella Lexi Maisie Harriet Georgia Amber Megan
        Abigail Nell Emma Sarah Rebecca Laura Gemma Kelly Donna Louise Rachel Karen Stacey Kirsty Leanne Hayley
        Victoria Natalie Hannah Claire Catherine Nicola Michelle Samantha Danielle Zoe Jade Kayleigh Chelsea
        Ann-Marie""",
        """Oliver Jack Harry George Noah Charlie Jacob Alfie Freddie Oscar Leo Logan Archie Theo Thomas James
        Joshua Henry William Max Lucas Ethan Arthur Mason Isaac Harrison Teddy Finley Daniel Riley Edward Joseph
        Alexander Samuel Benjamin Jayden Hayden Kayden Callum Owen Rory Tyler Connor Kieran Jake Luke Nathan
        Ryan Lewis Liam Adam David Paul Mark Andrew Craig Lee Gareth Darren Stephen Christopher Matthew Michael
        Robert Anthony Simon Jason Scott Wayne Carl Dean Jonathan Philip""",
    ),
    "south_asian_muslim": _names(
        150, 2.2,
        """Khan Ahmed Ali Hussain Begum Malik Akhtar Mahmood Shah Iqbal Rahman Miah Uddin Bibi Chowdhury Hussein
        Mirza Qureshi Raja Sheikh Aziz Bashir Rashid Saleem Siddiqui Anwar Aslam Butt Choudhury Dar Farooq Ghani
        Haque Islam Javed Karim Latif Mir Nawaz Parveen Rafiq Sadiq Tariq Yaqub Zaman""",
        """Aisha Fatima Maryam Zainab Khadija Amina Zahra Hafsa Sana Sumaya Safiya Noor Samira Shazia Nadia Farah
        Rukhsana Nasreen Shabana Saima Tahira Yasmin Hina Iqra Mahnoor Aleena Inaya Anaya Ayesha Bushra Rabia
        Sidra Uzma Zara Mariam""",
        """Mohammed Muhammad Yusuf Ibrahim Ahmed Ali Hamza Omar Hassan Hussain Bilal Imran Adam Ismail Zayn Haris
        Usman Abdul Kashif Tariq Nadeem Shahid Asif Amir Faisal Waqas Rayyan Musa Idris Zakariya Hashim Junaid
        Sajid Khalid Rashid Saqib""",
    ),
    "south_asian_sikh_hindu": _names(
        60, 2.0,
        """Singh Patel Kaur Sharma Dhillon Gill Sandhu Sidhu Mistry Shah Kumar Desai Mehta Grewal Bains Dhaliwal
        Johal Parmar Chauhan Gupta Verma Joshi Reddy Nair Rao Thakur Solanki Bhatt Rana Virdi""",
        """Priya Simran Meera Jasleen Harpreet Manpreet Anjali Kavita Nisha Pooja Sunita Gurpreet Kiran Aaliya Diya
        Riya Asha Neha Rajinder Amrit Jaspreet Navdeep Sonia Anita Isha Maya""",
        """Arjun Harjit Sanjay Gurdeep Amit Raj Vikram Rahul Jaspal Manjit Balraj Harpal Rohan Aarav Vivaan Krish
        Dev Nikhil Sunil Anil Ravi Kiran Gurpreet Jagdeep Karan Aman""",
    ),
    "polish": _names(
        60, 1.6,
        """Nowak Kowalska Kowalski Wojcik Kaminska Lewandowski Zielinska Szymanski Wozniak Dabrowska Kozlowski
        Jankowska Mazur Krawczyk Piotrowska Grabowski Nowakowska Pawlak Michalska Krol Wieczorek Jablonska
        Wrobel Majewska Olszewski Stepien Malinowska Jaworski Dudek Adamczyk""",
        """Zuzanna Julia Maja Zofia Hanna Lena Alicja Oliwia Agnieszka Katarzyna Magdalena Malgorzata Anna Joanna
        Monika Aleksandra Natalia Ewa Barbara Karolina Paulina Kinga Weronika Wiktoria Nikola""",
        """Antoni Jakub Jan Szymon Kacper Filip Aleksander Mikolaj Wojciech Piotr Krzysztof Andrzej Tomasz Pawel
        Michal Marcin Lukasz Mateusz Adam Grzegorz Rafal Dawid Oskar Igor Bartosz Kamil""",
    ),
    "somali": _names(
        35, 2.2,
        """Mohamed Ali Hassan Ahmed Abdi Warsame Farah Osman Ibrahim Yusuf Hussein Omar Adan Jama Abdullahi Nur
        Ismail Elmi Muse Duale Abdirahman Hersi Guled Aden Barre""",
        """Ayaan Hodan Fadumo Halima Amina Sahra Ifrah Hawa Asha Khadija Maryan Nimco Sagal Ubah Zamzam Idil Ladan
        Filsan Hibo Suad Naima Rahma""",
        """Mohamed Abdi Liban Ahmed Abdullahi Abdirahman Ismail Hassan Yahya Zakaria Ayub Guled Khadar Mahad
        Mukhtar Nuur Omar Said Yusuf Bilal Hamza Ibrahim""",
    ),
    "west_african": _names(
        40, 1.6,
        """Adeyemi Okafor Mensah Osei Okonkwo Adebayo Boateng Owusu Ogunleye Balogun Eze Nwosu Asante Oyelaran
        Akinola Addo Agyeman Ojo Lawal Bello Danso Appiah Obi Chukwu Ade-Williams Frimpong Antwi""",
        """Ife Bola Taiwo Kehinde Ngozi Chioma Abena Ama Akosua Yetunde Funmilayo Temitope Blessing Grace Adaeze
        Amara Esther Efua Folake Precious Comfort Mercy Simi Zainab Titilayo""",
        """Tunde Femi Taiwo Kehinde Chidi Emeka Kwame Kofi Kwabena Olumide Segun Ayo David Samuel Emmanuel Daniel
        Kelechi Obinna Ifeanyi Yaw Kojo Michael Joshua Tobi Dayo""",
    ),
    "irish": _names(
        35, 1.7,
        """Murphy Kelly Gallagher Walsh O'Brien Ryan O'Connor O'Neill Doyle McCarthy Byrne Connolly Quinn Doherty
        Lynch Ward McDonagh Maughan Joyce Reilly Mongan Nolan Kennedy Duffy Brennan Fitzgerald O'Sullivan""",
        """Siobhan Orla Niamh Aoife Ciara Roisin Saoirse Caoimhe Margaret Bridget Mary Kathleen Noreen Eileen
        Shannon Sinead Grainne Nora Winnie Kate Erin""",
        """Declan Fionn Sean Patrick Conor Liam Cian Oisin Michael John Martin Eoin Cormac Padraig Kevin Brendan
        Dermot Tommy Jimmy Ryan Aidan""",
    ),
    "east_european": _names(
        35, 1.6,
        """Shevchenko Popescu Ionescu Kovalenko Bondarenko Tkachenko Popa Radu Stan Dumitru Kravchenko Oliynyk
        Moroz Rusu Stoica Munteanu Balan Petrov Ivanov Georgiev Horvath Kazlauskas Jankauskas Ozols Melnyk
        Ciobanu""",
        """Olena Daria Oksana Kateryna Yulia Anastasia Sofia Maria Elena Ioana Andreea Alina Cristina Iryna
        Nataliia Viktoria Ruta Greta Kamila Tereza Bianca Denisa""",
        """Danylo Taras Andrii Oleksandr Dmytro Maksym Ivan Andrei Alexandru Mihai Stefan Cristian Ionut Serhii
        Mykhailo Bohdan Lukas Jonas Matas Marek Florin Darius""",
    ),
    "east_asian": _names(
        15, 1.8,
        """Chen Wong Li Zhang Wang Lam Chan Nguyen Tran Liu Yang Cheung Ng Ho Leung Huang Pham Le Tan Lim""",
        """Mei Lan Xin Yan Ying Li Hui Linh Thuy Mai Jing Wen Fang Hoa Anh Yu""",
        """Wei Jun Ming Hao Long Minh Tuan Duc Kai Chun Lei Bo Feng Huy Nam Yu""",
    ),
    "caribbean": _names(
        10, 1.6,
        """Campbell Brown Williams Francis Grant Clarke Gordon Henry Reid Powell Samuels Bailey Morgan Thomas
        Barrett Lawrence Edwards Walters Robinson""",
        """Shanice Keisha Tanisha Jasmine Naomi Simone Tiana Renee Chantelle Leah Aaliyah Kezia Monique Tamara""",
        """Marlon Tyrone Jermaine Leon Andre Devonte Malachi Elijah Isaiah Curtis Winston Delroy Jerome Kai Zion""",
    ),
}  # fmt: skip
PLANNED: tuple[str, ...] = tuple(ORIGINS)
_SHARES = tuple(names.share for names in ORIGINS.values())

_GROUPS = """
Aisha Ayesha Aysha Aisha
Fatima Fatimah Fatema
Mohammed Mohamed Muhammad Mohammad Md
Muhammad Mohammed Mohamad Md
Yusuf Yousuf Yousef Yusef
Hussain Hussein Husain
Hassan Hasan
Zainab Zaynab
Khadija Khadijah
Omar Umar
Usman Osman
Ibrahim Ebrahim
Ahmed Ahmad
Zakariya Zakaria
Sumaya Sumayyah
Catherine Katherine Kathryn Cathy
Stephen Steven
Siobhan Shivaun Siobhán
Sean Shaun Shawn
Niamh Neve Niamh
Isabella Bella Izzy
Oliver Ollie
Thomas Tom
Joshua Josh
Daniel Dan Danny
William Will Billy
Benjamin Ben
Samuel Sam
Joseph Joe
Matthew Matt
Michael Mike Mick
Robert Rob Bob
Christopher Chris
Anthony Tony Antony
Elizabeth Liz Beth
Rebecca Becky Rebekah
Samantha Sam
Victoria Vicky
Katarzyna Kasia Catherine
Agnieszka Aga
Malgorzata Gosia Margaret
Aleksander Alexander Olek
Krzysztof Chris Kris
Andrii Andriy Andrew
Oleksandr Alexander Sasha
Kateryna Katerina
Temitope Temi
Emmanuel Emma-nuel Manny
Abdirahman Abdurahman Abdirahmaan
Patrick Paddy Pat
Margaret Maggie Peggy
"""
WRITTEN: Mapping[str, tuple[str, ...]] = {
    words[0]: tuple(word for word in words[1:] if word != words[0])
    for words in (line.split() for line in _GROUPS.strip().splitlines())
}
"""Given name to other writings and short forms in use. Some of them no list of variants will hold."""


def origin(chance: random.Random) -> str:
    """The origin of a new family."""
    return chance.choices(PLANNED, _SHARES)[0]


def draw(chance: random.Random, of: tuple[str, ...], skew: float) -> str:
    """One name of the list; the first ones come most often."""
    return of[int(len(of) * chance.random() ** skew)]
