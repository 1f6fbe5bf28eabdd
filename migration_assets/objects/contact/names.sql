-- Which e-mails and external ids several people have, and the names that stand against each other there.
-- Out: target.role_emails, target.name_words, target.shared_values, target.chains, target.chained,
-- target.author_names, target.unlike_titles, target.shared_names and target.word_pairs, of which person_names.py says which are one word.

-- Addresses that are nobody's own: by what stands before the @, without marks and what follows a plus, or as a whole.
-- The first piece decides too (info.berlin), but for words that may be of somebody's name (it, na, hr); and one letter
-- typed again and again is nobody's name.
CREATE OR REPLACE TABLE target.role_emails AS
WITH emails AS (
    SELECT email, strip_accents(split_part(split_part(email, '@', 1), '+', 1)) AS named FROM (
        SELECT email FROM target.live_customers UNION SELECT author_email FROM target.live_messages
    )
),
read AS (
    SELECT email, regexp_replace(named, '[^\p{L}]', '', 'g') AS whole,
        regexp_replace(regexp_extract(named, '^[^\p{L}]*([^._-]*)', 1), '[^\p{L}]', '', 'g') AS first
    FROM emails
)
SELECT email FROM read
WHERE email IN (FROM map.role_addresses) OR whole IN (FROM map.role_addresses) OR first IN (FROM map.role_beginnings)
    OR length(whole) > 2 AND replace(whole, left(whole, 1), '') = '';

CREATE OR REPLACE TABLE target.name_words AS
SELECT l.customer_id, l.email, l.external_id, c.phone, name_words(c.name) AS words, name_titles(c.name) AS titles
FROM target.live_customers l JOIN clean.customers c USING (customer_id);

CREATE OR REPLACE TABLE target.shared_values AS
SELECT kind, value, customer_id, words, titles, phone, email, external_id FROM (
    SELECT *, count(*) OVER (PARTITION BY kind, value) AS size FROM (
        SELECT 'email' AS kind, email AS value, * FROM target.name_words WHERE email IS NOT NULL
        UNION ALL
        SELECT 'external_id', external_id, * FROM target.name_words WHERE external_id IS NOT NULL
    )
) WHERE size > 1;

-- An e-mail and an external id that one row has both: who has one of them would be one with whoever has the other.
CREATE OR REPLACE TABLE target.chains AS
SELECT DISTINCT n.email, n.external_id, n.email || ' ' || n.external_id AS value
FROM target.name_words n
SEMI JOIN target.shared_values e ON e.kind = 'email' AND e.value = n.email
SEMI JOIN target.shared_values x ON x.kind = 'external_id' AND x.value = n.external_id
QUALIFY count(DISTINCT n.external_id) OVER (PARTITION BY n.email) <= 50
    AND count(DISTINCT n.email) OVER (PARTITION BY n.external_id) <= 50;

CREATE OR REPLACE TABLE target.chained AS
SELECT c.value, n.customer_id, n.words, n.titles, n.phone FROM target.chains c JOIN target.name_words n ON n.email = c.email
UNION
SELECT c.value, n.customer_id, n.words, n.titles, n.phone
FROM target.chains c JOIN target.name_words n ON n.external_id = c.external_id;

-- Under which names whom no id tells wrote from an address. A name at more than five addresses ("Customer") is no
-- person's, and one that is the address itself (jdoe at jdoe@x.org) says nothing else than it.
CREATE OR REPLACE TABLE target.author_names AS
SELECT DISTINCT author_email AS email, name_words(author_name) AS words, name_titles(author_name) AS titles
FROM target.live_messages m
LEFT JOIN map.author_types a ON a.source_folded = fold(m.author_type)
ANTI JOIN target.live_customers c ON c.customer_id = m.author_id
WHERE coalesce(a.author_type, 'customer') = 'customer' AND author_email IS NOT NULL
    AND author_email NOT IN (SELECT email FROM clean.agents WHERE email IS NOT NULL)
    AND len(words) > 0 AND words <> name_words(replace(split_part(author_email, '@', 1), '.', ''))
QUALIFY count(DISTINCT author_email) OVER (PARTITION BY words) <= 5;

-- More than fifty names at one value are nobody's; so many are not compared one with another.
CREATE OR REPLACE TEMP TABLE names_at AS
WITH names AS (
    SELECT DISTINCT kind, value, words, titles FROM target.shared_values WHERE len(words) > 0
    UNION
    SELECT 'chain', value, words, titles FROM target.chained WHERE len(words) > 0
    UNION
    SELECT 'agent', email, name_words(name), name_titles(name) FROM clean.agents WHERE email IS NOT NULL AND len(name_words(name)) > 0
    UNION
    SELECT 'author', email, words, titles FROM target.author_names
    UNION
    SELECT 'author', n.email, n.words, n.titles FROM target.name_words n
    SEMI JOIN target.author_names a ON a.email = n.email WHERE len(n.words) > 0
)
FROM names SEMI JOIN (SELECT kind, value FROM names GROUP BY ALL HAVING count(DISTINCT words) <= 50) USING (kind, value);

-- Two names at one value with titles of two people: Herr and Frau, Mrs and Miss.
CREATE OR REPLACE TABLE target.unlike_titles AS
WITH titled AS (SELECT DISTINCT kind, value, words, titles FROM names_at WHERE len(titles) > 0)
SELECT DISTINCT a.kind, a.value, a.words, b.words AS other_words
FROM titled a JOIN titled b ON b.kind = a.kind AND b.value = a.value AND titles_differ(a.titles, b.titles);

CREATE OR REPLACE TABLE target.shared_names AS
WITH few AS (SELECT DISTINCT kind, value, words FROM names_at)
SELECT a.kind, a.value,
    if(len(a.words) <= len(b.words), a.words, b.words) AS fewer,
    if(len(a.words) <= len(b.words), b.words, a.words) AS more
FROM few a JOIN few b ON b.kind = a.kind AND b.value = a.value AND a.words < b.words;
DROP TABLE names_at;

CREATE OR REPLACE TABLE target.word_pairs AS
SELECT DISTINCT if(length(a) <= length(b), a, b) AS short, if(length(a) <= length(b), b, a) AS long
FROM (SELECT DISTINCT a, unnest(more) AS b FROM (SELECT unnest(fewer) AS a, more FROM target.shared_names))
WHERE a <> b;
