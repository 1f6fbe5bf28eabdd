-- A name as words without titles, marks, accents and order, and for whom its titles of address can be.

-- An address is no name, and a word that joins two people is one word. A single capital letter may be an initial.
CREATE OR REPLACE TEMP MACRO name_alone(x) AS
    regexp_replace(regexp_replace(nfc_normalize(x), '[^\s<>()\[\]]+@[^\s<>()\[\]]+\.[^\s<>()\[\]]+', ' ', 'g'),
        '&|\s(\+|[eiy]|et|ET|en|EN)\s', ' und ', 'g');

-- Letters of one case without accents; an umlaut is its vowel, whichever way it is written, but Michael is not Michal.
CREATE OR REPLACE TEMP MACRO name_letters(x) AS trim(regexp_replace(
    regexp_replace(
        replace(replace(translate(strip_accents(lower(name_alone(x))), 'øłđı', 'oldi'), 'ß', 'ss'), 'ph', 'f'),
        '([aou])e([^l]|l\p{L}|$)', '\1\2', 'g'),
    '[^\p{L}\p{N}]+', ' ', 'g'));

-- One word for what is written in several ways. At the beginning Sr. is a señor.
CREATE OR REPLACE TEMP MACRO name_parts(x) AS string_split(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(name_letters(x),
        '^(sig|г) (ra|na|н|жа) ', '\1\2 '),
        '(^| )(jr|jun|jnr)( |$)', '\1junior\3'),
        '(^sen|^snr| sen| snr| sr)( |$)', ' senior\2'),
        ' (and|oraz|och|og|и) ', ' und ', 'g'),
        '(^| )(son|fille|mari|femme|pere|mere|man|vrouw) (of|de|du|d|van) ', '\1verwandt \3 '), ' ');

CREATE OR REPLACE TEMP MACRO name_words(x) AS
    CASE WHEN x IS NULL THEN [] ELSE
        list_sort(list_distinct(list_filter(name_parts(x), lambda word, place: word <> '' AND NOT (word = 'sr' AND place = 1)
            AND word NOT IN (
            'dr', 'prof', 'professor', 'mr', 'mrs', 'ms', 'miss', 'mx', 'herr', 'herrn', 'frau', 'fr', 'hr', 'fraulein', 'frulein',
            'mme', 'mlle', 'monsieur', 'madame', 'mademoiselle', 'senor', 'senora', 'senorita', 'sra', 'srta', 'senhor', 'senhora',
            'signor', 'signore', 'signora', 'signorina', 'sigra', 'signa', 'dhr', 'mevr', 'mevrouw', 'meneer', 'fru', 'froken',
            'гн', 'гжа', 'господин', 'госпожа',
            'dott', 'ing', 'dipl', 'mag', 'phd', 'msc', 'bsc'))))
    END;

-- A title's word and whom it addresses; at the beginning also words that are a name, a rank or an initial elsewhere
-- (Sr. García, Pan Novák). M. is Monsieur beside Mme, and elsewhere may be anybody's initial.
CREATE OR REPLACE TEMP MACRO title_for(word, first) AS CASE
    WHEN word IN ('mr', 'herr', 'herrn', 'monsieur', 'senor', 'senhor', 'signor', 'signore', 'dhr', 'meneer', 'гн', 'господин')
        OR first AND word IN ('sr', 'sig', 'hr', 'pan') THEN ['mr']
    WHEN word IN ('mme', 'madame') THEN ['mme']
    WHEN word IN ('mrs', 'frau', 'senora', 'sra', 'senhora', 'signora', 'sigra', 'mevr', 'mevrouw', 'fru', 'гжа', 'госпожа')
        OR first AND word IN ('fr', 'pani', 'mw') THEN ['mrs', 'mme']
    WHEN word IN ('mlle', 'mademoiselle') THEN ['mlle']
    WHEN word IN ('miss', 'fraulein', 'frulein', 'senorita', 'srta', 'signorina', 'signa', 'froken')
        OR first AND word IN ('frl', 'frk') THEN ['miss', 'mlle']
    WHEN word = 'ms' THEN ['mrs', 'mme', 'miss', 'mlle']
    WHEN first AND word = 'm' THEN ['mr', 'mrs', 'miss']
    END;

CREATE OR REPLACE TEMP MACRO name_titles(x) AS
    list_sort(list_distinct(coalesce(flatten(list_transform(name_parts(x),
        lambda word, place: coalesce(title_for(word, place = 1 AND len(name_parts(x)) > 1), []))), [])));

-- Herr and Frau are two people; Frau and Ms, or a name without a title, contradict nothing.
CREATE OR REPLACE TEMP MACRO titles_differ(one, other) AS len(one) > 0 AND len(other) > 0 AND NOT list_has_any(one, other);

-- Words that make somebody else of a name: the younger one, somebody's mother, two people, a family.
CREATE OR REPLACE TEMP MACRO name_marks(words) AS list_filter(words, lambda word: word IN (
    'junior', 'senior', 'ii', 'iii', 'iv', 'jungere', 'altere', 'fils', 'filho', 'neto', 'und', 'verwandt',
    'fam', 'familie', 'family', 'famille', 'familia', 'famiglia', 'rodzina', 'eheleute', 'ehepaar', 'eltern', 'parents',
    'mutter', 'vater', 'mama', 'papa', 'sohn', 'tochter', 'bruder', 'schwester', 'oma', 'opa', 'ehefrau', 'ehemann',
    'gatte', 'gattin', 'witwe', 'witwer', 'erben', 'betreuer', 'betreuerin', 'vormund', 'assistent', 'assistentin',
    'assistenz', 'assistant', 'mother', 'father', 'mum', 'mom', 'dad', 'daughter', 'brother', 'sister', 'wife', 'husband',
    'widow', 'guardian', 'carer', 'maman', 'epouse', 'epoux', 'madre', 'padre', 'hijo', 'hija', 'esposa', 'esposo', 'moglie',
    'marito', 'figlio', 'figlia', 'moder', 'vader', 'zon', 'dochter', 'matka', 'ojciec', 'syn', 'corka', 'zona', 'maz'));

-- Words of two names of which one is not the other person's, though all else is: Ben Roth and Ben Roth jun.
CREATE OR REPLACE TEMP MACRO marks_differ(one, other) AS
    len(one) > 0 AND len(other) > 0 AND name_marks(one) <> name_marks(other);
