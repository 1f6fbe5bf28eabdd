-- A name as words without titles, marks, accents and order. An address is no name.
CREATE OR REPLACE TEMP MACRO name_words(x) AS
    CASE WHEN x IS NULL OR contains(x, '@') THEN [] ELSE
        list_sort(list_distinct(list_filter(
            string_split_regex(
                regexp_replace(replace(replace(
                    translate(strip_accents(lower(nfc_normalize(x))), 'øłđı', 'oldi'),
                    'ß', 'ss'), 'ph', 'f'), '([aou])e', '\1', 'g'),
                '[^\p{L}\p{N}]+'),
            lambda word: word <> '' AND word NOT IN (
                'dr', 'prof', 'professor', 'mr', 'mrs', 'ms', 'miss', 'mx', 'herr', 'herrn', 'frau', 'fr', 'hr', 'mme', 'mlle',
                'monsieur', 'madame', 'senor', 'senora', 'sra', 'srta', 'dott', 'ing', 'dipl', 'mag', 'phd', 'msc', 'bsc'))))
    END;
