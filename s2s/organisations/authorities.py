"""The local authorities of England and Wales, their numbers and names; and the national office.

Welsh authorities have their names in full, in both languages, as the lists of the guidance show them (6.6: "672 Bridgend County Borough
Council"); the others those of the Department for Education's register, which has short ones.
"""

from datetime import date
from typing import Final

from django.db import transaction

from s2s.organisations.models import Language, Organisation

NATIONAL_OFFICE: Final = ("WG", "Welsh Government", "Llywodraeth Cymru")

WALES: Final = {
    "660": ("Isle of Anglesey County Council", "Cyngor Sir Ynys Môn"),
    "661": ("Gwynedd Council", "Cyngor Gwynedd"),
    "662": ("Conwy County Borough Council", "Cyngor Bwrdeistref Sirol Conwy"),
    "663": ("Denbighshire County Council", "Cyngor Sir Ddinbych"),
    "664": ("Flintshire County Council", "Cyngor Sir y Fflint"),
    "665": ("Wrexham County Borough Council", "Cyngor Bwrdeistref Sirol Wrecsam"),
    "666": ("Powys County Council", "Cyngor Sir Powys"),
    "667": ("Ceredigion County Council", "Cyngor Sir Ceredigion"),
    "668": ("Pembrokeshire County Council", "Cyngor Sir Penfro"),
    "669": ("Carmarthenshire County Council", "Cyngor Sir Gâr"),
    "670": ("Swansea Council", "Cyngor Abertawe"),
    "671": ("Neath Port Talbot County Borough Council", "Cyngor Bwrdeistref Sirol Castell-nedd Port Talbot"),
    "672": ("Bridgend County Borough Council", "Cyngor Bwrdeistref Sirol Pen-y-bont ar Ogwr"),
    "673": ("Vale of Glamorgan Council", "Cyngor Bro Morgannwg"),
    "674": ("Rhondda Cynon Taf County Borough Council", "Cyngor Bwrdeistref Sirol Rhondda Cynon Taf"),
    "675": ("Merthyr Tydfil County Borough Council", "Cyngor Bwrdeistref Sirol Merthyr Tudful"),
    "676": ("Caerphilly County Borough Council", "Cyngor Bwrdeistref Sirol Caerffili"),
    "677": ("Blaenau Gwent County Borough Council", "Cyngor Bwrdeistref Sirol Blaenau Gwent"),
    "678": ("Torfaen County Borough Council", "Cyngor Bwrdeistref Sirol Torfaen"),
    "679": ("Monmouthshire County Council", "Cyngor Sir Fynwy"),
    "680": ("Newport City Council", "Cyngor Dinas Casnewydd"),
    "681": ("Cardiff Council", "Cyngor Caerdydd"),
}

ENGLAND: Final = {
    "201": "City of London",
    "202": "Camden",
    "203": "Greenwich",
    "204": "Hackney",
    "205": "Hammersmith and Fulham",
    "206": "Islington",
    "207": "Kensington and Chelsea",
    "208": "Lambeth",
    "209": "Lewisham",
    "210": "Southwark",
    "211": "Tower Hamlets",
    "212": "Wandsworth",
    "213": "Westminster",
    "301": "Barking and Dagenham",
    "302": "Barnet",
    "303": "Bexley",
    "304": "Brent",
    "305": "Bromley",
    "306": "Croydon",
    "307": "Ealing",
    "308": "Enfield",
    "309": "Haringey",
    "310": "Harrow",
    "311": "Havering",
    "312": "Hillingdon",
    "313": "Hounslow",
    "314": "Kingston upon Thames",
    "315": "Merton",
    "316": "Newham",
    "317": "Redbridge",
    "318": "Richmond upon Thames",
    "319": "Sutton",
    "320": "Waltham Forest",
    "330": "Birmingham",
    "331": "Coventry",
    "332": "Dudley",
    "333": "Sandwell",
    "334": "Solihull",
    "335": "Walsall",
    "336": "Wolverhampton",
    "340": "Knowsley",
    "341": "Liverpool",
    "342": "St. Helens",
    "343": "Sefton",
    "344": "Wirral",
    "350": "Bolton",
    "351": "Bury",
    "352": "Manchester",
    "353": "Oldham",
    "354": "Rochdale",
    "355": "Salford",
    "356": "Stockport",
    "357": "Tameside",
    "358": "Trafford",
    "359": "Wigan",
    "370": "Barnsley",
    "371": "Doncaster",
    "372": "Rotherham",
    "373": "Sheffield",
    "380": "Bradford",
    "381": "Calderdale",
    "382": "Kirklees",
    "383": "Leeds",
    "384": "Wakefield",
    "390": "Gateshead",
    "391": "Newcastle upon Tyne",
    "392": "North Tyneside",
    "393": "South Tyneside",
    "394": "Sunderland",
    "420": "Isles of Scilly",
    "800": "Bath and North East Somerset",
    "801": "Bristol, City of",
    "802": "North Somerset",
    "803": "South Gloucestershire",
    "805": "Hartlepool",
    "806": "Middlesbrough",
    "807": "Redcar and Cleveland",
    "808": "Stockton-on-Tees",
    "810": "Kingston upon Hull, City of",
    "811": "East Riding of Yorkshire",
    "812": "North East Lincolnshire",
    "813": "North Lincolnshire",
    "815": "North Yorkshire",
    "816": "York",
    "821": "Luton",
    "822": "Bedford",
    "823": "Central Bedfordshire",
    "825": "Buckinghamshire",
    "826": "Milton Keynes",
    "830": "Derbyshire",
    "831": "Derby",
    "838": "Dorset",
    "839": "Bournemouth, Christchurch and Poole",
    "840": "Durham",
    "841": "Darlington",
    "845": "East Sussex",
    "846": "Brighton and Hove",
    "850": "Hampshire",
    "851": "Portsmouth",
    "852": "Southampton",
    "855": "Leicestershire",
    "856": "Leicester",
    "857": "Rutland",
    "860": "Staffordshire",
    "861": "Stoke-on-Trent",
    "865": "Wiltshire",
    "866": "Swindon",
    "867": "Bracknell Forest",
    "868": "Windsor and Maidenhead",
    "869": "West Berkshire",
    "870": "Reading",
    "871": "Slough",
    "872": "Wokingham",
    "873": "Cambridgeshire",
    "874": "Peterborough",
    "876": "Halton",
    "877": "Warrington",
    "878": "Devon",
    "879": "Plymouth",
    "880": "Torbay",
    "881": "Essex",
    "882": "Southend-on-Sea",
    "883": "Thurrock",
    "884": "Herefordshire",
    "885": "Worcestershire",
    "886": "Kent",
    "887": "Medway",
    "888": "Lancashire",
    "889": "Blackburn with Darwen",
    "890": "Blackpool",
    "891": "Nottinghamshire",
    "892": "Nottingham",
    "893": "Shropshire",
    "894": "Telford and Wrekin",
    "895": "Cheshire East",
    "896": "Cheshire West and Chester",
    "908": "Cornwall",
    "916": "Gloucestershire",
    "919": "Hertfordshire",
    "921": "Isle of Wight",
    "925": "Lincolnshire",
    "926": "Norfolk",
    "929": "Northumberland",
    "931": "Oxfordshire",
    "933": "Somerset",
    "935": "Suffolk",
    "936": "Surrey",
    "937": "Warwickshire",
    "938": "West Sussex",
    "940": "North Northamptonshire",
    "941": "West Northamptonshire",
    "942": "Cumberland",
    "943": "Westmorland and Furness",
}

OFFSHORE: Final = {
    "701": "Scotland Offshore Establishments",
    "702": "BFPO Overseas Establishments",
    "704": "Fieldwork Overseas Establishments",
    "705": "Isle of Man Offshore Establishments",
    "706": "Guernsey Offshore Establishments",
    "707": "Jersey Offshore Establishments",
    "708": "Gibraltar Overseas Establishments",
}

# Replaced on 1 April of the year; a successor where one authority took over alone.
CLOSED: Final = {
    "820": ("Bedfordshire", 2009, ""),
    "835": ("Dorset", 2019, "838"),
    "836": ("Poole", 2019, "839"),
    "837": ("Bournemouth", 2019, "839"),
    "875": ("Cheshire", 2009, ""),
    "901": ("Avon", 1996, ""),
    "902": ("Bedfordshire", 1997, ""),
    "903": ("Berkshire", 1998, ""),
    "904": ("Buckinghamshire", 1997, ""),
    "905": ("Cambridgeshire", 1998, ""),
    "906": ("Cheshire", 1998, ""),
    "907": ("Cleveland", 1996, ""),
    "909": ("Cumbria", 2023, ""),
    "910": ("Derbyshire", 1997, ""),
    "911": ("Devon", 1998, ""),
    "912": ("Dorset", 1997, ""),
    "913": ("Durham", 1997, ""),
    "914": ("East Sussex", 1997, ""),
    "915": ("Essex", 1998, ""),
    "917": ("Hampshire", 1997, ""),
    "918": ("Hereford and Worcester", 1998, ""),
    "920": ("Humberside", 1996, ""),
    "922": ("Kent", 1998, ""),
    "923": ("Lancashire", 1998, ""),
    "924": ("Leicestershire", 1997, ""),
    "927": ("North Yorkshire", 1996, ""),
    "928": ("Northamptonshire", 2021, ""),
    "930": ("Nottinghamshire", 1998, ""),
    "932": ("Shropshire", 1998, ""),
    "934": ("Staffordshire", 1997, ""),
    "939": ("Wiltshire", 1997, ""),
}

FILLED: Final = ("name", "name_cy", "closed_on")


@transaction.atomic
def load() -> int:
    """Create the authorities that are missing and fill what is blank in the others; returns how many rows changed.

    What a person has entered stays. Closing and successor are filled in too: a reorganisation reaches sites that were set up before it.
    """
    wanted = [_national_office(), *_of_wales(), *_of_england(), *_offshore(), *_closed()]
    there = Organisation.objects.in_bulk([row.number for row in wanted], field_name="number")
    Organisation.objects.bulk_create([row for row in wanted if row.number not in there])
    filled = [there[row.number] for row in wanted if row.number in there and _fill(there[row.number], row)]
    Organisation.objects.bulk_update(filled, [*FILLED, "version"])
    return len(wanted) - len(there) + len(filled) + _link_successors()


def _fill(row: Organisation, wanted: Organisation) -> bool:
    blank = [field for field in FILLED if not getattr(row, field) and getattr(wanted, field)]
    for field in blank:
        setattr(row, field, getattr(wanted, field))
    row.version += bool(blank)
    return bool(blank)


def _national_office() -> Organisation:
    number, name, name_cy = NATIONAL_OFFICE
    return Organisation(number=number, kind=Organisation.Kind.NATIONAL, name=name, name_cy=name_cy, region=Organisation.Region.WALES)


def _of_wales() -> list[Organisation]:
    return [_authority(number, name, Organisation.Region.WALES, name_cy=name_cy) for number, (name, name_cy) in WALES.items()]


def _of_england() -> list[Organisation]:
    return [_authority(number, name, Organisation.Region.ENGLAND) for number, name in ENGLAND.items()]


def _offshore() -> list[Organisation]:
    return [_authority(number, name, Organisation.Region.OFFSHORE) for number, name in OFFSHORE.items()]


def _closed() -> list[Organisation]:
    return [
        _authority(number, f"{name} (until {year})", Organisation.Region.ENGLAND, closed_on=date(year, 4, 1))
        for number, (name, year, _) in CLOSED.items()
    ]


def _authority(number: str, name: str, region: Organisation.Region, *, name_cy: str = "", closed_on: date | None = None) -> Organisation:
    """The row of one that is new. The language of Welsh ones stays open, so they are written to in both until they choose."""
    language = Language.UNKNOWN if region == Organisation.Region.WALES else Language.ENGLISH
    return Organisation(
        number=number, kind=Organisation.Kind.AUTHORITY, name=name, name_cy=name_cy, region=region, language=language, closed_on=closed_on
    )


def _link_successors() -> int:
    successors = {number: successor for number, (_, _, successor) in CLOSED.items() if successor}
    unlinked = list(Organisation.objects.filter(number__in=successors, successor=None))
    new = Organisation.objects.in_bulk(set(successors.values()), field_name="number") if unlinked else {}
    for row in unlinked:
        row.successor = new[successors[row.number]]
    Organisation.objects.bulk_update(unlinked, ["successor"])
    return len(unlinked)
