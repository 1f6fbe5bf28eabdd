-- What messages say of the people whom their author's id names: by which name and from which address they wrote.
-- Out: target.people, target.said and target.said_pairs, of which person_names.py says which are one word.

-- Everybody who has an id in the extract, under each of their names and addresses. A name with a number in it ("Visitor
-- 48213") is one that a program gave.
CREATE OR REPLACE TABLE target.people AS
SELECT 'contact' AS author_kind, s.contact_key AS author_key,
    if(len(list_filter(n.words, lambda word: regexp_full_match(word, '\d+'))) > 0, [], n.words) AS words, n.titles, n.email
FROM target.contact_sources s JOIN target.name_words n ON n.customer_id = s.customer_id
UNION ALL
SELECT 'admin', agent_id, name_words(name), name_titles(name), email FROM clean.agents;

-- A name at more than five customers ("Customer"), at two agents whose it is not ("Acme Care"), or made of words for a
-- role is no person's; and one that is the address itself says nothing else than it.
CREATE OR REPLACE TABLE target.said AS
WITH told AS (
    SELECT DISTINCT author_kind, author_key, author_id, author_email, author_name, name_words(author_name) AS words
    FROM target.authored
    WHERE author_id IS NOT NULL AND stand_in IS NULL
        AND CASE author_kind WHEN 'admin' THEN author_id = author_key
            ELSE author_id IN (SELECT customer_id FROM target.contact_sources WHERE contact_key = author_key) END
),
addresses AS (
    SELECT DISTINCT author_kind, author_key, name_words(replace(split_part(email, '@', 1), '.', '')) AS words
    FROM (SELECT author_kind, author_key, email FROM target.people UNION SELECT author_kind, author_key, author_email FROM told)
    WHERE email IS NOT NULL
),
roles AS (SELECT list(DISTINCT word) AS words FROM (
    SELECT unnest(name_words(word)) AS word FROM map.role_addresses WHERE NOT contains(word, '@'))),
counted AS (
    SELECT t.*, count(DISTINCT t.author_key) OVER (PARTITION BY t.author_kind, t.words) AS holders,
        list_has_all(r.words, t.words) OR a.words IS NOT NULL AS no_name,
        len(t.words) > 1 AND t.words IN (SELECT words FROM target.people) AS somebodys
    FROM told t CROSS JOIN roles r
    LEFT JOIN addresses a ON a.author_kind = t.author_kind AND a.author_key = t.author_key AND a.words = t.words
)
SELECT author_kind, author_key, author_id, author_email, author_name, somebodys, name_titles(author_name) AS titles,
    if(no_name OR holders > 5 OR author_kind = 'admin' AND holders > 1 AND NOT somebodys, [], words) AS words
FROM counted;

-- The names that are not just theirs, beside each of theirs.
CREATE OR REPLACE TABLE target.said_beside AS
SELECT DISTINCT s.author_kind, s.author_key, s.words AS said, p.words AS known,
    if(len(s.words) <= len(p.words), s.words, p.words) AS fewer, if(len(s.words) <= len(p.words), p.words, s.words) AS more
FROM target.said s
JOIN target.people p ON p.author_kind = s.author_kind AND p.author_key = s.author_key
WHERE len(s.words) > 0 AND len(p.words) > 0;

CREATE OR REPLACE TABLE target.said_pairs AS
SELECT DISTINCT if(length(a) <= length(b), a, b) AS short, if(length(a) <= length(b), b, a) AS long
FROM (SELECT DISTINCT a, unnest(more) AS b FROM (SELECT unnest(fewer) AS a, more FROM target.said_beside WHERE said <> known))
WHERE a <> b;
