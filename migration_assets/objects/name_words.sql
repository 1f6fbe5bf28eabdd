-- A name as words without titles, marks, accents and order, and for whom its titles of address can be.

-- Letters of one case without accents; an umlaut is its vowel, whichever way it is written, but Michael is not Michal.
CREATE OR REPLACE TEMP MACRO name_parts(x) AS
    string_split(regexp_replace(trim(regexp_replace(
        regexp_replace(
            replace(replace(translate(strip_accents(lower(nfc_normalize(x))), 'øłđı', 'oldi'), 'ß', 'ss'), 'ph', 'f'),
            '([aou])e([^l]|l\p{L}|$)', '\1\2', 'g'),
        '[^\p{L}\p{N}]+', ' ', 'g')), '^(sig|г) (ra|na|н|жа) ', '\1\2 '), ' ');

-- An address is no name.
CREATE OR REPLACE TEMP MACRO name_words(x) AS
    CASE WHEN x IS NULL OR contains(x, '@') THEN [] ELSE
        list_sort(list_distinct(list_filter(name_parts(x), lambda word: word <> '' AND word NOT IN (
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
