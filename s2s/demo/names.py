"""The demonstration's schools and the names its pupils are made of: all invented. The schools' numbers are public ones, or like them."""

from typing import Final, NamedTuple


class School(NamedTuple):
    number: str
    name: str
    name_cy: str
    town: str
    postcode: str
    school_type: str
    language: str  # 'en', 'cy'; '' for a school that has not chosen


PRIMARY, SECONDARY, SPECIAL, INDEPENDENT, UNIT, NURSERY = "Primary", "Secondary", "Special", "Independent", "Pupil referral unit", "Nursery"

SCHOOLS: Final = (
    School("6811003", "Ladybird Nursery School", "Ysgol Feithrin y Fuwch Goch Gota", "Cardiff", "CF24 9ZA", NURSERY, ""),
    School("6811109", "The Harbour Centre", "Canolfan yr Harbwr", "Cardiff", "CF10 9ZB", UNIT, ""),
    School("6812039", "Sandpiper Infant School", "", "Cardiff", "CF14 9ZD", PRIMARY, "en"),
    School("6812045", "Heron's Wharf Primary School", "", "Cardiff", "CF3 9ZE", PRIMARY, "en"),
    School("6812049", "Tannery Row Primary School", "Ysgol Gynradd Rhes y Tanerdy", "Cardiff", "CF5 9ZF", PRIMARY, ""),
    School("6812061", "Ysgol Gynradd Nant y Gwenyn", "", "Caerdydd", "CF14 9ZG", PRIMARY, "cy"),
    School("6812088", "Dockgate Infant School", "", "Cardiff", "CF10 9ZH", PRIMARY, "en"),
    School("6812105", "Lantern Hill Primary School", "Ysgol Gynradd Bryn y Llusern", "Cardiff", "CF11 9ZJ", PRIMARY, "en"),
    School("6812317", "Ysgol Gymraeg Coed y Dylluan", "", "Caerdydd", "CF23 9ZL", PRIMARY, "cy"),
    School("6814039", "Glanrhyd Uchaf High School", "Ysgol Uwchradd Glanrhyd Uchaf", "Cardiff", "CF14 9ZN", SECONDARY, "en"),
    School("6814073", "Ysgol Gyfun Cae'r Ehedydd", "", "Caerdydd", "CF5 9ZP", SECONDARY, "cy"),
    School("6814607", "St Tathan's Church in Wales High School", "", "Cardiff", "CF23 9ZQ", SECONDARY, ""),
    School("6816014", "Wharfside College", "", "Cardiff", "CF24 9ZR", INDEPENDENT, "en"),
    School("6817015", "Willow Court Special School", "Ysgol Arbennig Llys yr Helyg", "Cardiff", "CF5 9ZS", SPECIAL, ""),
    School("6802305", "Wetlands Primary School", "Ysgol Gynradd y Gwlyptir", "Newport", "NP19 9ZA", PRIMARY, "en"),
    School("6802320", "Ysgol Gymraeg Glan y Gamlas", "", "Casnewydd", "NP20 9ZB", PRIMARY, "cy"),
    School("6803310", "St Cadoc's Well R.C. Primary School", "", "Newport", "NP20 9ZD", PRIMARY, "en"),
    School("6804025", "Transporter High School", "", "Newport", "NP20 9ZE", SECONDARY, "en"),
    School("6804601", "Ysgol Gyfun Aber y Bont", "", "Casnewydd", "NP10 9ZF", SECONDARY, "cy"),
    School("6807003", "Riverbank Special School", "Ysgol Arbennig Glan yr Afon", "Newport", "NP18 9ZG", SPECIAL, ""),
    School("6722263", "Sarn Helyg Primary School", "Ysgol Gynradd Sarn Helyg", "Bridgend", "CF32 9ZA", PRIMARY, ""),
    School("6722310", "Ysgol Gymraeg Cwm Cadno", "", "Maesteg", "CF34 9ZB", PRIMARY, "cy"),
    School("6723303", "Our Lady of the Dunes R.C. Primary School", "", "Porthcawl", "CF36 9ZD", PRIMARY, "en"),
    School("6724085", "Coity Vale Comprehensive School", "", "Bridgend", "CF31 9ZE", SECONDARY, "en"),
    School("6732141", "Ysgol Gynradd Trwyn y Barcud", "", "Y Barri", "CF62 9ZA", PRIMARY, "cy"),
    School("6732182", "Pebble Beach Primary School", "", "Barry", "CF62 9ZB", PRIMARY, "en"),
    School("6733057", "Llanfeddw Church in Wales Primary School", "", "Cowbridge", "CF71 9ZD", PRIMARY, ""),
    School("6734060", "Breaksea High School", "Ysgol Uwchradd Breaksea", "Barry", "CF63 9ZE", SECONDARY, "en"),
    School("6612045", "Ysgol Gynradd Pen y Clogwyn", "", "Caernarfon", "LL55 9ZA", PRIMARY, "cy"),
    School("6614001", "Ysgol Uwchradd Glan y Foel", "", "Porthmadog", "LL49 9ZB", SECONDARY, "cy"),
    School("6622210", "Headland View Primary School", "Ysgol Gynradd Golwg y Pentir", "Llandudno", "LL30 9ZA", PRIMARY, ""),
    School("6652199", "Colliery Green Primary School", "", "Wrexham", "LL11 9ZA", PRIMARY, "en"),
    School("6672301", "Ysgol Gynradd Aber y Wennol", "", "Aberystwyth", "SY23 9ZA", PRIMARY, "cy"),
    School("6692120", "Ysgol Gynradd Llwyn y Gog", "", "Llandeilo", "SA19 9ZA", PRIMARY, "cy"),
    School("6702155", "Slipway Primary School", "", "Swansea", "SA1 9ZA", PRIMARY, "en"),
    School("6704044", "Ysgol Gyfun Bro'r Cwrwgl", "", "Abertawe", "SA4 9ZB", SECONDARY, "cy"),
    School("6742201", "Tonypistyll Primary School", "", "Tonypandy", "CF40 9ZA", PRIMARY, "en"),
    School("6744020", "Ysgol Gyfun Rhyd y Frân", "", "Pontypridd", "CF37 9ZB", SECONDARY, "cy"),
    School("6752012", "Furnace Row Primary School", "", "Merthyr Tydfil", "CF47 9ZA", PRIMARY, ""),
    School("6762233", "Ysgol Gynradd Cae'r Gaseg", "", "Coed-duon", "NP12 9ZA", PRIMARY, "cy"),
    School("6782210", "Canal Turn Primary School", "", "Cwmbran", "NP44 9ZA", PRIMARY, "en"),
    School("6792303", "Offa's Gate Primary School", "", "Chepstow", "NP16 9ZA", PRIMARY, ""),
    School("6794040", "Wyeford Comprehensive School", "", "Monmouth", "NP25 9ZB", SECONDARY, "en"),
    School("3304115", "Canalside Academy", "", "Birmingham", "B4 9ZA", SECONDARY, "en"),
    School("3722063", "Ferrygate Infant School", "", "Rotherham", "S60 9ZA", PRIMARY, "en"),
    School("8016007", "Ferryman's Hall School", "", "Bristol", "BS8 9ZB", INDEPENDENT, "en"),
    School("8012330", "Clifton Ferry Primary School", "", "Bristol", "BS8 9ZA", PRIMARY, "en"),
    School("8302333", "Raven Tor Primary School", "", "Matlock", "DE4 9ZA", PRIMARY, "en"),
    School("8393677", "Pinecliff Primary School", "", "Bournemouth", "BH4 9ZA", PRIMARY, "en"),
    School("8665211", "Engine Shed Primary School", "", "Swindon", "SN1 9ZA", PRIMARY, "en"),
    School("9162120", "Forest Edge Primary School", "", "Lydney", "GL15 9ZA", PRIMARY, "en"),
)

CLOSED: Final = "6812088"
SUCCESSOR: Final = "6812105"

GIRLS: Final = (
    "Seren", "Ffion", "Mali", "Cadi", "Lowri", "Nia", "Siân", "Eira", "Gwen", "Beca", "Elin", "Heledd", "Olivia", "Amelia", "Grace",
    "Poppy", "Freya", "Ella", "Charlotte", "Isla", "Zofia", "Amina", "Fatima", "Hodan", "Priya", "Mei", "Chloë", "Zoë",
)  # fmt: skip
BOYS: Final = (
    "Macsen", "Ioan", "Osian", "Gethin", "Tomos", "Elis", "Gruff", "Iwan", "Siôn", "Caio", "Guto", "Llŷr", "Oliver", "Jack",
    "Harry", "Noah", "George", "Alfie", "Theo", "Arthur", "Jakub", "Yusuf", "Ibrahim", "Abdi", "Arjun", "Wei", "Zoltán", "Reuben",
)  # fmt: skip
MIDDLE: Final = (
    "", "", "", "Haf", "Rhys", "Mair", "Wyn", "Louise", "James", "Eluned", "Grace", "Emrys",
)  # fmt: skip
SURNAMES: Final = (
    "Jones", "Davies", "Williams", "Evans", "Thomas", "Roberts", "Lewis", "Hughes", "Morgan", "Griffiths", "Owen", "Llewellyn",
    "Prydderch", "ap Gwilym", "Cadwaladr", "Pugh", "Bevan", "Gwynne", "Parry", "Smith", "Taylor", "Walker", "O'Connor", "Fletcher",
    "Ashworth", "Kowalska", "Nowak", "Hussain", "Ahmed", "Ali", "Mohamud", "Warsame", "Patel", "Chen", "Okafor", "Wynne-Jones",
    "Hopkin-Rees", "St John",
)  # fmt: skip
STREETS: Final = (
    "Heol y Deri", "Stryd Fawr", "Station Road", "Church Lane", "Ffordd y Bryn", "Harbour Street", "Maes yr Afon", "Park Terrace",
)  # fmt: skip
