"""Names of people and companies, by language; (as written, in ASCII for the mailbox)."""

COMPANIES: tuple[tuple[str, str, str, str], ...] = (
    ("Hartwig & Söhne GmbH", "hartwig-soehne.example", "Wholesale", "de"),
    ("Bluebell Interiors Ltd", "bluebell-interiors.example", "Retail", "en"),
    ("Atelier Fontaine", "atelier-fontaine.example", "Fashion", "fr"),
    ("Conservas Montalvo S.L.", "conservas-montalvo.example", "Food", "es"),
    ("Lusitânia Têxteis", "lusitania-texteis.example", "Textiles", "pt"),
    ("Northgate Cycles", "northgate-cycles.example", "Sports", "en"),
    ("Rheinblick Apotheken", "rheinblick-apotheken.example", "Health", "de"),
    ("青葉商事株式会社", "aoba-shoji.example", "Trade", "ja"),
    ("Harbour & Pine Coffee", "harbourpine.example", "Food", "en"),
    ("Verlag Morgenstern", "verlag-morgenstern.example", "Publishing", "de"),
    ("La Belle Étagère", "belle-etagere.example", "Furniture", "fr"),
    ("Redwood Robotics Inc.", "redwood-robotics.example", "Technology", "en"),
    ("Café do Porto Lda", "cafedoporto.example", "Food", "pt"),
    ("شركة النخيل للتجارة", "alnakheel-trading.example", "Trade", "ar"),
    ("Biohof Lindenau", "biohof-lindenau.example", "Agriculture", "de"),
    ("Juguetes Arcoíris", "juguetes-arcoiris.example", "Toys", "es"),
    ("Kestrel Outdoor Gear", "kestrel-outdoor.example", "Sports", "en"),
    ("ТОВ «Калина Маркет»", "kalyna-market.example", "Retail", "uk"),
    ("Savonnerie du Midi", "savonnerie-midi.example", "Cosmetics", "fr"),
    ("Spree Optik KG", "spree-optik.example", "Health", "de"),
    ("Maple Street Pottery", "maplestreetpottery.example", "Crafts", "en"),
    ("Papelaria Horizonte", "papelaria-horizonte.example", "Office supplies", "pt"),
    ("O'Leary's Hardware", "olearys-hardware.example", "Hardware", "en"),
    ("Zeitlos Uhren AG", "zeitlos-uhren.example", "Jewellery", "de"),
    ("Vinos Ribera Alta", "vinos-ribera-alta.example", "Food", "es"),
    ("Tern Logistics", "tern-logistics.example", "Logistics", "en"),
    ("Fromagerie Vasseur", "fromagerie-vasseur.example", "Food", "fr"),
    ("Holzwerk Tannberg", "holzwerk-tannberg.example", "Furniture", "de"),
    ("Pixel & Thread Studio", "pixelthread.example", "Design", "en"),
    ("Ferretería El Tornillo", "el-tornillo.example", "Hardware", "es"),
)
"""(name, domain, industry, language) of the first companies; a greater number follows `GENERIC_COMPANY`."""

GENERIC_COMPANY = (
    ("Amber", "Birch", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Helio", "Indigo", "Juniper", "Kite"),
    ("Trading", "Works", "Studio", "Foods", "Supplies", "Motors", "Garden", "Books", "Labs", "Fabrics"),
)
INDUSTRIES = ("Retail", "Wholesale", "Food", "Technology", "Health", "Publishing", "Furniture", "Sports")
PLANS = ("Starter", "Team", "Team", "Business", "Enterprise")
LANGUAGE_SHARES = ("en", "de", "fr", "en", "es", "pt", "en", "de", "fr", "es", "en", "uk", "de", "ja", "en", "ar")

PHONES = {
    "en": ("+44207946", 4),
    "de": ("+493023125", 3),
    "fr": ("+33199", 6),
    "es": ("+34910505", 3),
    "pt": ("+351210123", 3),
    "ja": ("+8135123", 4),
    "ar": ("+96611234", 4),
    "uk": ("+38044234", 4),
}
"""By language: the start of a phone number and how many digits follow."""

_Names = tuple[tuple[str, str], ...]
NAMES: dict[str, tuple[_Names, _Names]] = {
    "en": (
        (("Olivia", "olivia"), ("Jack", "jack"), ("Priya", "priya"), ("Thomas", "thomas"), ("Grace", "grace"),
         ("Samuel", "samuel"), ("Chloe", "chloe"), ("Dev", "dev"), ("Hannah", "hannah"), ("Marcus", "marcus"),
         ("Siobhan", "siobhan")),
        (("Whitfield", "whitfield"), ("Okafor", "okafor"), ("Barnes", "barnes"), ("Patel", "patel"),
         ("O'Connor", "oconnor"), ("Lindqvist", "lindqvist"), ("Hughes", "hughes"), ("Nakamura", "nakamura"),
         ("Fletcher", "fletcher"), ("Doyle", "doyle"), ("Ashworth", "ashworth"), ("Grant", "grant"),
         ("Rivera", "rivera")),
    ),
    "de": (
        (("Jürgen", "juergen"), ("Anke", "anke"), ("Lukas", "lukas"), ("Friederike", "friederike"),
         ("Björn", "bjoern"), ("Sabine", "sabine"), ("Emre", "emre"), ("Käthe", "kaethe"), ("Matthias", "matthias"),
         ("Ines", "ines"), ("Sören", "soeren")),
        (("Müller", "mueller"), ("Schröder", "schroeder"), ("Weiß", "weiss"), ("Köhler", "koehler"),
         ("Yılmaz", "yilmaz"), ("Brandt", "brandt"), ("Vogel", "vogel"), ("Jäger", "jaeger"), ("Haas", "haas"),
         ("Großmann", "grossmann"), ("Lorenz", "lorenz"), ("Petersen", "petersen"), ("Ulrich", "ulrich")),
    ),
    "fr": (
        (("Élodie", "elodie"), ("François", "francois"), ("Hélène", "helene"), ("Mathieu", "mathieu"),
         ("Noémie", "noemie"), ("Cédric", "cedric"), ("Aïcha", "aicha"), ("Julien", "julien"), ("Zoé", "zoe")),
        (("Lefèvre", "lefevre"), ("Dubois", "dubois"), ("Benoît", "benoit"), ("Garnier", "garnier"),
         ("Traoré", "traore"), ("Rousseau", "rousseau"), ("Delacroix", "delacroix"), ("Marchand", "marchand"),
         ("Perrin", "perrin"), ("Chevalier", "chevalier"), ("N'Diaye", "ndiaye")),
    ),
    "es": (
        (("Lucía", "lucia"), ("Álvaro", "alvaro"), ("María José", "mariajose"), ("Íñigo", "inigo"),
         ("Begoña", "begona"), ("Raúl", "raul"), ("Carmen", "carmen"), ("Óscar", "oscar"), ("Nuria", "nuria")),
        (("Muñoz", "munoz"), ("García Pérez", "garciaperez"), ("Ibáñez", "ibanez"), ("Navarro", "navarro"),
         ("Castaño", "castano"), ("Vega", "vega"), ("Ortúzar", "ortuzar"), ("Molina", "molina"),
         ("Sáez", "saez"), ("Crespo", "crespo"), ("Rubio", "rubio")),
    ),
    "pt": (
        (("João", "joao"), ("Inês", "ines"), ("Tiago", "tiago"), ("Conceição", "conceicao"), ("André", "andre"),
         ("Mafalda", "mafalda"), ("Luís", "luis")),
        (("Gonçalves", "goncalves"), ("Simões", "simoes"), ("Araújo", "araujo"), ("Pereira", "pereira"),
         ("Magalhães", "magalhaes"), ("Teixeira", "teixeira"), ("Brandão", "brandao"), ("Nóbrega", "nobrega")),
    ),
    "ja": (
        (("健太", "kenta"), ("美咲", "misaki"), ("直樹", "naoki"), ("陽子", "yoko"), ("翔", "sho")),
        (("佐藤", "sato"), ("田中", "tanaka"), ("小林", "kobayashi"), ("渡辺", "watanabe"), ("中村", "nakamura"),
         ("山口", "yamaguchi"), ("松本", "matsumoto")),
    ),
    "ar": (
        (("أحمد", "ahmad"), ("فاطمة", "fatima"), ("خالد", "khalid"), ("ليلى", "layla"), ("يوسف", "yousef")),
        (("الحربي", "alharbi"), ("القحطاني", "alqahtani"), ("منصور", "mansour"), ("العتيبي", "alotaibi"),
         ("سليمان", "suleiman"), ("ناصر", "nasser"), ("حداد", "haddad")),
    ),
    "uk": (
        (("Олена", "olena"), ("Тарас", "taras"), ("Наталія", "nataliia"), ("Богдан", "bohdan"), ("Ірина", "iryna")),
        (("Шевчук", "shevchuk"), ("Коваленко", "kovalenko"), ("Бойко", "boiko"), ("Мельник", "melnyk"),
         ("Гончар", "honchar"), ("Лисенко", "lysenko"), ("Їжак", "yizhak")),
    ),
}  # fmt: skip
