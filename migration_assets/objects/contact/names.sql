-- Which e-mails and external ids several customers have, and the names that stand against each other there.
-- Out: target.role_emails, target.name_words, target.shared_values, target.shared_names and target.word_pairs, of which
-- names.py says which are one word.

-- Addresses that are nobody's own: by what stands before the @, without marks and what follows a plus, or as a whole.
CREATE OR REPLACE TABLE target.role_emails AS
SELECT email FROM (
    SELECT email FROM target.live_customers UNION SELECT author_email FROM target.live_messages
)
WHERE email IN (FROM map.role_addresses)
    OR regexp_replace(split_part(split_part(email, '@', 1), '+', 1), '[^\p{L}]', '', 'g') IN (FROM map.role_addresses);

CREATE OR REPLACE TABLE target.name_words AS
SELECT l.customer_id, l.email, l.external_id, c.phone, name_words(c.name) AS words
FROM target.live_customers l JOIN clean.customers c USING (customer_id);

CREATE OR REPLACE TABLE target.shared_values AS
SELECT kind, value, customer_id, words, phone, email, external_id FROM (
    SELECT *, count(*) OVER (PARTITION BY kind, value) AS size FROM (
        SELECT 'email' AS kind, email AS value, * FROM target.name_words WHERE email IS NOT NULL
        UNION ALL
        SELECT 'external_id', external_id, * FROM target.name_words WHERE external_id IS NOT NULL
    )
) WHERE size > 1;

-- More than fifty names at one value are nobody's; so many are not compared one with another.
CREATE OR REPLACE TABLE target.shared_names AS
WITH names AS (SELECT DISTINCT kind, value, words FROM target.shared_values WHERE len(words) > 0),
few AS (FROM names SEMI JOIN (SELECT kind, value FROM names GROUP BY ALL HAVING count(*) <= 50) USING (kind, value))
SELECT a.kind, a.value,
    if(len(a.words) <= len(b.words), a.words, b.words) AS fewer,
    if(len(a.words) <= len(b.words), b.words, a.words) AS more
FROM few a JOIN few b ON b.kind = a.kind AND b.value = a.value AND a.words < b.words;

CREATE OR REPLACE TABLE target.word_pairs AS
SELECT DISTINCT if(length(a) <= length(b), a, b) AS short, if(length(a) <= length(b), b, a) AS long
FROM (SELECT DISTINCT a, unnest(more) AS b FROM (SELECT unnest(fewer) AS a, more FROM target.shared_names))
WHERE a <> b;
