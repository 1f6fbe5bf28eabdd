"""Who is one person: rows of one e-mail or external id are merged only where nothing else contradicts."""

import datetime as dt

import pytest

from tests.support.clean_tables import customer, mapping, message, ticket

MAIL = "one@x.org"
SAME = [
    ("Rosa Diaz", "Díaz, Rosa"),
    ("Jürgen Müller", "JUERGEN  MUELLER"),
    ("Dr. Anna Berg", "A. Berg"),
    ("Alex Kuhn", "Alexander Kuhn"),
    ("Alex Kuhn", "Alexandra Kuhn"),
    ("Max Kuhn", "Maximilian Kuhn"),
    ("Chris Voss", "Christian Voss"),
    ("Ann Lee", "Anne Lee"),
    ("Stephan Meyer", "Stefan Meyer"),
    ("Anna Berg", "Anna Maria Berg"),
    ("Michael Petersen", "Micheal Petersen"),
    ("Jon Reed", "John Reed"),
    ("Mohamed Ali", "Mohammed Ali"),
    ("Tony Reed", "Anthony Reed"),
    ("Ben Roth jun.", "Roth, Ben Jr."),
    ("Klaus & Petra Hahn", "Petra und Klaus Hahn"),
    ("Sr. García", "García"),
    ("@benroth", "BenRoth"),
    ("Ben Roth <ben@a.example>", "Roth, Ben"),
    ("★", "☆ ☆"),
    ("★", "Ute Wolf"),
    ("Jun Tanaka", "Tanaka Jun"),
    ("Max Pol", "Max Pol 2"),
    ("Sofia Roth", "Sophia Roth"),
    ("Ute Wolf", None),
    ("Ute Wolf", "ute.wolf@x.org"),
    ("Ольга Иванова", "Иванова Ольга"),
    ("John Reed", "Jonh Reed"),
    ("John Reed", "Jhon Reed"),
    ("Kathrin Voss", "Katrin Voss"),
    ("Lukas Voss", "Lucas Voss"),
    ("Sarah Voss", "Sara Voss"),
    ("Bob Reed", "Robert Reed"),
    ("Dr. Eva Groß", "Prof. Eva Gross"),
    ("Frau Eva Groß", "Eva Gross"),
    ("Ms. Jones", "Mrs. Jones"),
    ("Herr Maier", "Tim Maier"),
    ("M. Schmidt", "Frau Schmidt"),
    ("Mr Smith", "Smith, Mr."),
]
OTHERS = [
    ("Karsten Meyer", "Kirsten Meyer"),
    ("Francis Miller", "Frances Miller"),
    ("Michele Rossi", "Michelle Rossi"),
    ("Daniele Conti", "Danielle Conti"),
    ("Johann Gruber", "Johanne Gruber"),
    ("Gabriele Ferri", "Gabrielle Ferri"),
    ("Nicola Bauer", "Nikola Bauer"),
    ("Marian Nowak", "Mariann Nowak"),
    ("Toni Huber", "Tony Huber"),
    ("Nico Weber", "Nicole Weber"),
    ("Gabi Marx", "Gabriel Marx"),
    ("Rob Reed", "Roberta Reed"),
    ("Meike Ott", "Mieke Ott"),
    ("Birgit Ott", "Brigit Ott"),
    ("Kirsten Ott", "Kristen Ott"),
    ("Michael Petersen", "Michael Peterson"),
    ("@benroth", "@tinajoss"),
    ("Ben Roth @ Laden", "Tina Joss @ Laden"),
    ("Ben Roth (ben@a.example)", "Tina Joss (tina@a.example)"),
    ("Ben Roth", "Ben Roth jun."),
    ("Ben Roth sen.", "Ben Roth"),
    ("Ben Roth", "Ben Roth III"),
    ("Roth", "Roth Jr., Ben"),
    ("Lia Roth", "Mutter von Lia Roth"),
    ("Lia Roth", "Lia Roth (Vater)"),
    ("Mary Reed", "Son of Mary Reed"),
    ("Klaus und Petra Hahn", "Petra Hahn"),
    ("Klaus & Petra Hahn", "Klaus Hahn"),
    ("Marco e Anna Rossi", "Anna Rossi"),
    ("Familie Ute Graf", "Ute Graf"),
    ("Herr und Frau Maier", "Frau Maier"),
    ("Rosa Diaz", "Ben Roth"),
    ("Anna Berg", "Bernd Berg"),
    ("Maria Lopez", "Mario Lopez"),
    ("Daniel Roth", "Daniela Roth"),
    ("Stefan Meyer", "Stefanie Meyer"),
    ("Alexander Kohl", "Alexandra Kohl"),
    ("Simon Petit", "Simone Petit"),
    ("Christian Voss", "Christina Voss"),
    ("Jan Novak", "Janine Novak"),
    ("Michel Roy", "Michelle Roy"),
    ("Fernando Gil", "Fernanda Gil"),
    ("Gabriel Marx", "Gabriele Marx"),
    ("René Roy", "Renée Roy"),
    ("Julian Pohl", "Julia Pohl"),
    ("Александр Орлов", "Александра Орлова"),
    ("A. Berg", "B. Berg"),
    ("Customer 1", "Customer 2"),
    ("Robert Smith Jr", "Robert Smith Sr"),
    ("李伟", "王芳"),
    ("Andrea Rossi", "Andreas Rossi"),
    ("Tim Weber", "Timo Weber"),
    ("Luca Bruno", "Lucas Bruno"),
    ("Paul Noll", "Paula Noll"),
    ("Jan Noll", "Jana Noll"),
    ("Jan Noll", "Jannik Noll"),
    ("Daniele Rossi", "Daniela Rossi"),
    ("Yevhen Bondar", "Yevheniia Bondar"),
    ("Konstantinos Papas", "Konstantina Papas"),
    ("Elias Ott", "Elisa Ott"),
    ("Maria Ott", "Marina Ott"),
    ("Carl Ott", "Carol Ott"),
    ("Noa Ott", "Noah Ott"),
    ("Christine Ott", "Christiane Ott"),
    ("Michael Ott", "Michal Ott"),
    ("Marc Ott", "Marco Ott"),
    ("Herr Maier", "Frau Maier"),
    ("Herr Dr. Maier", "Frau Dr. Anna Maier"),
    ("Mr. Smith", "Mrs. Smith"),
    ("Mr. Smith", "Ms Smith"),
    ("Mrs Jones", "Miss Jones"),
    ("M. Dupont", "Mme Dupont"),
    ("Mme Dupont", "Mlle Dupont"),
    ("Sr. García", "Sra. García"),
    ("Sig. Rossi", "Sig.ra Rossi"),
    ("Dhr. Jansen", "Mevr. Jansen"),
    ("Pan Novák", "Pani Novák"),
    ("Господин Коваль", "Госпожа Коваль"),
]


ROLES = [
    "info.berlin@x.org", "info-kd@x.org", "kein.email@x.org", "nicht-vorhanden@x.org", "keine@mail.org",
    "unbekannt@x.org", "N.A@x.org", "Ventas2@x.org", "xxx@x.org", "asdf@x.org", "commandes_fr@x.org", "brak-maila@x.pl",
    "segreteria@x.it",
]  # fmt: skip
OWN = ["hr.maier@x.org", "na.li@x.org", "it-maier@x.org", "kim.post@x.org", "anna.test@x.org"]


def doubted(shaped):
    return {(row["code"], row["key"]) for row in shaped.rows("SELECT code, key FROM doubt.rows")}


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_differ_in_spelling_are_one_person(shaped, one, other):
    shaped.run(customers=[customer("C1", email=MAIL, name=one), customer("C2", email=MAIL, name=other)])
    (contact,) = shaped.by_key("contacts").values()
    assert contact["email"] == MAIL
    assert doubted(shaped) == set()


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_names_that_differ_beyond_spelling_stay_apart_and_nobody_gets_the_address(shaped, one, other):
    shaped.run(customers=[customer("C1", email=MAIL, name=one), customer("C2", email=MAIL, name=other)])
    contacts = shaped.by_key("contacts")
    assert {key: (row["name"], row["email"]) for key, row in contacts.items()} == {
        "C1": (one, None),
        "C2": (other, None),
    }
    assert doubted(shaped) == {("email_shared", "C1"), ("email_shared", "C2")}


@pytest.mark.parametrize("field", ["phone", "external_id"])
def test_another_phone_or_external_id_speaks_against_one_person(shaped, field):
    values = {"phone": ("+4930123", "+4930124"), "external_id": ("x1", "x2")}[field]
    shaped.run(customers=[customer(f"C{n}", email=MAIL, name="Ann Lee", **{field: value})
                          for n, value in enumerate(values, 1)])  # fmt: skip
    contacts = shaped.by_key("contacts")
    assert [contacts[key][field] for key in ("C1", "C2")] == list(values)
    assert [contacts[key]["email"] for key in ("C1", "C2")] == [None, None]
    assert doubted(shaped) == {("email_shared", "C1"), ("email_shared", "C2")}


@pytest.mark.parametrize("address", ["info@x.org", "No-Reply@x.org", "nomail+1@x.org", "support.de@x.org", *ROLES])
def test_a_role_address_makes_one_person_of_nobody(shaped, address):
    people = [customer("C1", email=address.lower(), name=None), customer("C2", email=address.lower(), name="Ann Lee")]
    more = {"role_addresses": ["supportde"]}
    shaped.run(mapping(**more), customers=people)
    assert {row["email"] for row in shaped.by_key("contacts").values()} == {None}
    assert len(shaped.by_key("contacts")) == 2
    assert doubted(shaped) == {("email_shared", "C1"), ("email_shared", "C2")}
    shaped.run(mapping(**more), customers=people[:1])
    assert [row["email"] for row in shaped.by_key("contacts").values()] == [address.lower()]
    assert doubted(shaped) == set()


@pytest.mark.parametrize("address", OWN)
def test_a_word_for_a_role_that_is_somebodys_name_or_title_makes_no_role_of_an_address(shaped, address):
    shaped.run(customers=[customer(f"C{n}", email=address, name="Ann Lee") for n in (1, 2)])
    assert [row["email"] for row in shaped.by_key("contacts").values()] == [address]
    assert doubted(shaped) == set()


@pytest.mark.parametrize(
    ("choice", "emails"),
    [("merge", {"C1": MAIL}), ("separate", {"C1": None, "C2": None}), ("customer C2", {"C1": None, "C2": MAIL})],
)
def test_a_person_decides_whose_an_address_is(shaped, choice, emails):
    people = [customer("C1", email=MAIL, name="Ann Lee"), customer("C2", email=MAIL, name="Kai Ohm")]
    shaped.run(mapping(same_email={MAIL.upper(): choice}), customers=people)
    assert {key: row["email"] for key, row in shaped.by_key("contacts").items()} == emails
    assert doubted(shaped) == set()


def test_the_setting_says_what_becomes_of_them_meanwhile_and_they_are_listed_all_the_same(shaped):
    people = [customer("C1", email=MAIL, name="Ann Lee"), customer("C2", email=MAIL, name="Kai Ohm")]
    shaped.run(mapping(settings={"same_email": "merge"}), customers=people)
    assert set(shaped.by_key("contacts")) == {"C1"}
    assert doubted(shaped) == {("email_shared", "C1"), ("email_shared", "C2")}


def test_of_those_who_stay_apart_the_ones_of_one_name_are_one(shaped):
    names = ("Ann Lee", "Kai Ohm", "Lee, Ann", None)
    shaped.run(customers=[customer(f"C{n}", email=MAIL, name=name) for n, name in enumerate(names, 1)])
    assert set(shaped.by_key("contacts")) == {"C1", "C2", "C4"}
    assert shaped.fate("customers", "C1")["disposition"] == "merged"


def test_of_one_name_the_titles_tell_whose_each_row_and_message_is(shaped):
    names = ("Herr Maier", "Frau Maier", "Maier, Herr")
    messages = [message("M"), bare("His", "Herr Maier"), bare("Hers", "Fr. Maier"), bare("Nobody's", "Maier")]
    shaped.run(customers=[customer(f"C{n}", email=MAIL, name=name) for n, name in enumerate(names, 1)],
               tickets=[ticket("T1")], messages=minutes_apart(*messages))  # fmt: skip
    assert {"C1", "C2"} < set(shaped.by_key("contacts"))
    assert shaped.fate("customers", "C3")["disposition"] == "load"
    assert shaped.fate("customers", "C1")["disposition"] == "merged"
    authors = {row["source_key"]: row["author_key"] for row in shaped.parts("T1")}
    assert (authors["His"], authors["Hers"]) == ("C1", "C2")
    assert authors["Nobody's"] not in {"C1", "C2"}


def test_who_writes_under_the_title_of_another_is_somebody_else(shaped):
    numbered = message("M2", author_name="Frau Maier", author_email=MAIL)
    shaped.run(customers=[customer("C1", email=MAIL, name="Herr Maier")], tickets=[ticket("T1")],
               messages=minutes_apart(message("M"), bare("M1", "Mrs Maier"), numbered))  # fmt: skip
    authors = {row["source_key"]: row["author_key"] for row in shaped.parts("T1")}
    assert shaped.by_key("contacts")[authors["M1"]]["name"] == "Mrs Maier"
    assert doubted(shaped) == {("author_names_differ", "M1"), ("author_contradicts", "M2")}


def test_more_names_than_can_be_one_persons_are_not_compared_and_stay_apart(shaped):
    shaped.run(customers=[customer(f"C{n}", email=MAIL, name=f"Person {n:03}") for n in range(60)])
    assert len(shaped.by_key("contacts")) == 60
    assert len(doubted(shaped)) == 60
    assert shaped.rows("SELECT count(*) AS n FROM target.word_pairs") == [{"n": 0}]


def test_one_external_id_of_contradicting_people_is_nobodys(shaped):
    bare = {"external_id": "e", "email": None}
    shaped.run(customers=[customer("C1", name="Ann Lee", phone="+4930123", **bare),
                          customer("C2", name="Kai Ohm", phone="+4930124", **bare)])  # fmt: skip
    assert {key: row["external_id"] for key, row in shaped.by_key("contacts").items()} == {
        "C1": "itco-C1",
        "C2": "itco-C2",
    }
    assert doubted(shaped) == {("external_id_shared", "C1"), ("external_id_shared", "C2")}


def test_a_message_from_a_shared_address_is_by_the_one_of_its_name(shaped):
    bare = {"author_id": None, "author_email": MAIL}
    shaped.run(
        customers=[customer("C1", email=MAIL, name="Ann Lee"), customer("C2", email=MAIL, name="Kai Ohm"),
                   customer("C3")],
        tickets=[ticket("T1"), ticket("T2", "C3")],
        messages=[message("M0"), message("M1", author_name="Kai Ohm", **bare), message("M2", author_name=None, **bare),
                  message("M3", author_name="Eva Noll", **bare), message("M4", "T2", author_name="Eva Noll", **bare)],
    )  # fmt: skip
    authors = {row["source_key"]: row["author_key"] for row in shaped.rows("FROM target.parts")}
    assert (authors["M1"], authors["M2"]) == ("C2", "C1")
    assert authors["M3"] == authors["M4"]
    eva = shaped.by_key("contacts")[authors["M3"]]
    assert (eva["name"], eva["email"]) == ("Eva Noll", None)


def minutes_apart(*messages):
    """Return messages as people write them: not all in one second."""
    return [row | {"created_at": row["created_at"] + dt.timedelta(minutes=n)} for n, row in enumerate(messages)]


def bare(key, name, **values):
    return message(key, author_id=None, author_email=MAIL, author_name=name, **values)


@pytest.mark.parametrize("names", [("Kai Ohm",), ("Kai Ohm", "Jo Berg"), ("Anna Li", "Kai Ohm")])
def test_who_writes_from_a_customers_address_under_another_name_is_somebody_else(shaped, names):
    messages = [bare(f"M{number}", name) for number, name in enumerate(names)]
    messages += [message("M"), bare("Own", "Ann Lee"), bare("Like", "A. Lee"), bare("None", None)]
    shaped.run(
        customers=[customer("C1", email=MAIL, name="Ann Lee")],
        tickets=[ticket("T1")],
        messages=minutes_apart(*messages),
    )
    contacts = shaped.by_key("contacts")
    by = {row["source_key"]: contacts[row["author_key"]] for row in shaped.parts("T1")}
    assert {by[key]["source_key"] for key in ("Own", "Like", "None")} == {"C1"}
    assert [by[f"M{number}"]["name"] for number in range(len(names))] == list(names)
    assert [by[f"M{number}"]["email"] for number in range(len(names))] == [None] * len(names)
    assert contacts["C1"]["email"] == MAIL
    assert doubted(shaped) == {("author_names_differ", f"M{number}") for number in range(len(names))}


def test_two_unknown_people_of_one_address_are_two(shaped):
    messages = [message("M"), bare("M1", "Kai Ohm"), bare("M2", "Jo Berg"), bare("M3", "Kai Ohm")]
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1")], messages=minutes_apart(*messages))
    authors = {row["source_key"]: row["author_key"] for row in shaped.parts("T1")}
    assert authors["M1"] == authors["M3"] != authors["M2"]
    assert {one["name"] for one in shaped.by_key("contacts").values()} == {"Name C1", "Kai Ohm", "Jo Berg"}
    assert doubted(shaped) == {("author_names_differ", key) for key in ("M1", "M2", "M3")}


@pytest.mark.parametrize("choice", ["merge", "separate"])
def test_a_person_decides_of_such_an_address_too(shaped, choice):
    shaped.run(customers=[customer("C1", email=MAIL, name="Ann Lee")], tickets=[ticket("T1")],
               messages=minutes_apart(message("M"), bare("M1", "Kai Ohm")),
               mapping=mapping(same_email={MAIL: choice}))  # fmt: skip
    authors = {row["source_key"]: row["author_key"] for row in shaped.parts("T1")}
    assert (authors["M1"] == "C1") == (choice == "merge")
    assert doubted(shaped) == set()


@pytest.mark.parametrize(
    ("choice", "emails"),
    [
        (None, {"Kai Ohm": MAIL, "Kai Ohm (2)": None}),
        ("separate", {"Kai Ohm": None, "Kai Ohm (2)": None}),
        ("customer 998", {"Kai Ohm": MAIL, "Kai Ohm (2)": None}),
        ("customer 999", {"Kai Ohm": None, "Kai Ohm (2)": MAIL}),
    ],
)
def test_a_person_decides_of_the_address_of_people_whom_no_row_describes(shaped, choice, emails):
    numbered = [bare("M1", "Kai Ohm") | {"author_id": "998"}, bare("M2", "Kai Ohm (2)") | {"author_id": "999"}]
    shaped.run(mapping(same_email={MAIL: choice} if choice else {}), customers=[customer("C1")], tickets=[ticket("T1")],
               messages=minutes_apart(message("M"), *numbered))  # fmt: skip
    contacts = {row["name"]: row["email"] for row in shaped.by_key("contacts").values() if row["placeholder"]}
    assert contacts == emails


@pytest.mark.parametrize("name", ["Kai Ohm", None])
def test_who_wrote_from_an_address_that_is_to_be_nobodys_does_not_get_it(shaped, name):
    shaped.run(mapping(same_email={MAIL: "separate"}), customers=[customer("C1")], tickets=[ticket("T1")],
               messages=minutes_apart(message("M"), bare("M1", name)))  # fmt: skip
    (unknown,) = [row for row in shaped.by_key("contacts").values() if row["placeholder"]]
    assert unknown["email"] is None
    assert doubted(shaped) == (set() if name else {("author_unknown", "M1")})


def test_an_unknown_id_at_a_customers_address_is_theirs_only_under_their_name(shaped):
    numbered = [bare("M1", "Kai Ohm") | {"author_id": "998"}, bare("M2", "Ann Lee") | {"author_id": "999"}]
    shaped.run(customers=[customer("C1", email=MAIL, name="Ann Lee")], tickets=[ticket("T1")],
               messages=[message("M"), *numbered])  # fmt: skip
    authors = {row["source_key"]: row["author_key"] for row in shaped.parts("T1")}
    assert authors["M2"] == "C1"
    assert shaped.by_key("contacts")[authors["M1"]]["name"] == "Kai Ohm"


def test_what_is_no_name_of_a_person_contradicts_no_customer(shaped):
    people = [customer(f"C{number}", email=f"p{number}@example.com", name=f"Ann Lee{number}") for number in range(6)]
    generic = [
        message(f"G{n}", author_id=None, author_email=f"p{n}@example.com", author_name="Customer") for n in range(6)
    ]
    login = message("L", author_id=None, author_email="p1@example.com", author_name="p1")
    shaped.run(customers=people, tickets=[ticket("T1")],
               messages=minutes_apart(message("M", author_id="C0"), *generic, login))  # fmt: skip
    authors = {row["source_key"]: row["author_key"] for row in shaped.parts("T1")}
    assert authors["L"] == "C1"
    assert all(authors[f"G{number}"] == f"C{number}" for number in range(1, 6))
    assert doubted(shaped) == set()


def test_every_value_that_gives_way_in_a_merge_is_told_with_both(shaped):
    shaped.run(customers=[
        customer("C1", email=MAIL, name="Ann Lee", custom={"cf_a": "1", "cf_b": "x"}),
        customer("C2", email=MAIL, name="LEE Ann", custom={"cf_a": "2", "cf_b": "x"}),
        customer("C3", email=MAIL, name="Ann Lee", custom={"cf_a": "3"}),
    ])  # fmt: skip
    told = shaped.rows("SELECT message FROM target.findings WHERE code = 'merged_value_left' ORDER BY message")
    assert [row["message"].partition(";")[0] for row in told] == [
        'cf_a: "1" of customer C1 gives way to "3" of customer C3',
        'cf_a: "2" of customer C2 gives way to "3" of customer C3',
        'name: "LEE Ann" of customer C2 gives way to "Ann Lee" of customer C3',
    ]
