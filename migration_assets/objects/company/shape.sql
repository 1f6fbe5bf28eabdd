-- One row per company as Intercom should hold it; `target.company_sources` says which source company became which.

CREATE OR REPLACE TEMP MACRO company_words(name) AS list_filter(name_words(name), lambda word: word NOT IN (
    'gmbh', 'ag', 'kg', 'co', 'se', 'ug', 'ltd', 'limited', 'inc', 'llc', 'llp', 'plc', 'corp', 'sa', 'sas', 'sarl', 'srl', 'sl',
    'spa', 'bv', 'nv', 'ab', 'oy', 'as', 'the', 'und', 'and', 'et', 'y', 'e', 'de', 'group', 'gruppe', 'holding', 'company'));

-- Rows of one domain; a free-mail domain (gmail.com) is nobody's, and an empty one none.
CREATE OR REPLACE TEMP TABLE at_domain AS
SELECT l.company_id, lower(l.domain) AS domain, company_words(c.name) AS words, d.choice
FROM target.live_companies l
JOIN clean.companies c ON c.company_id = l.company_id
LEFT JOIN map.free_mail f ON f.domain = lower(l.domain)
LEFT JOIN map.same_domains d ON d.domain = lower(l.domain)
WHERE coalesce(l.domain, '') <> '' AND f.domain IS NULL;

-- Domains of which two names share no word and are not spelled nearly alike: they may be two companies of one holding.
-- More than fifty names are not compared one with another.
CREATE OR REPLACE TABLE target.unlike_companies AS
WITH names AS (
    SELECT DISTINCT domain, words, count(DISTINCT words) OVER (PARTITION BY domain) > 50 AS many
    FROM at_domain WHERE len(words) > 0
)
SELECT DISTINCT domain FROM names WHERE many
UNION
SELECT a.domain FROM names a JOIN names b ON b.domain = a.domain AND a.words < b.words AND NOT a.many
WHERE NOT list_has_any(a.words, b.words)
    AND jaro_winkler_similarity(array_to_string(a.words, ''), array_to_string(b.words, '')) < 0.85;

-- The domain is the deduplication key, unless somebody has said otherwise or names contradict: then only rows of the
-- same name are one company. The newest of a group survives with its values; the key is the first one's, which stays the same from drop to drop
-- and cannot be changed in Intercom.
CREATE OR REPLACE TABLE target.company_members AS
WITH keyed AS (
    SELECT c.company_id, c.updated_at, c.created_at, c._row,
        CASE
            WHEN a.domain IS NULL THEN 'c:' || c.company_id
            WHEN coalesce(a.choice, if(u.domain IS NULL, 'merge', 'separate')) = 'merge' THEN 'd:' || a.domain
            WHEN len(a.words) > 0 THEN 'd:' || a.domain || ' ' || array_to_string(a.words, ' ')
            ELSE 'c:' || c.company_id
        END AS group_key
    FROM target.live_companies c
    LEFT JOIN at_domain a ON a.company_id = c.company_id
    LEFT JOIN target.unlike_companies u ON u.domain = a.domain
)
SELECT group_key, company_id, created_at,
    row_number() OVER (PARTITION BY group_key ORDER BY updated_at DESC NULLS LAST, _row DESC) AS rank,
    row_number() OVER (PARTITION BY group_key ORDER BY created_at NULLS LAST, company_id) AS age,
    count(*) OVER (PARTITION BY group_key) AS size
FROM keyed;

CREATE OR REPLACE TABLE target.company_sources AS
SELECT m.company_id, s.company_id AS company_key, CASE WHEN m.age = 1 THEN 'loaded' ELSE 'merged' END AS role
FROM target.company_members m
JOIN target.company_members s ON s.group_key = m.group_key AND s.age = 1;

-- What the survivor lacks comes from the others, the most recent first. Only groups of several are aggregated.
CREATE OR REPLACE TEMP TABLE company_values AS
WITH filled AS (
    SELECT m.group_key,
        min_by(c.name, m.rank) FILTER (c.name IS NOT NULL) AS name,
        min_by(c.industry, m.rank) FILTER (c.industry IS NOT NULL) AS industry,
        min_by(c."size", m.rank) FILTER (c."size" IS NOT NULL) AS headcount,
        min_by(c.plan, m.rank) FILTER (c.plan IS NOT NULL) AS plan,
        min(c.created_at) AS created_at,
        list(m.company_id ORDER BY m.age) FILTER (m.age > 1) AS merged_ids,
        list_reduce(
            list(coalesce(c.custom, '{}')::JSON ORDER BY m.rank DESC),
            lambda older, newer: json_merge_patch(older, newer)) AS custom
    FROM target.company_members m
    JOIN clean.companies c USING (company_id)
    WHERE m.size > 1
    GROUP BY m.group_key
),
carriers AS (SELECT list(c ORDER BY c.name) AS all_of_them FROM map.carriers c WHERE c.object = 'company')
SELECT s.company_key AS source_key,
    coalesce(c.name, f.name) AS name,
    c.domain AS website,
    seconds(coalesce(f.created_at, c.created_at)) AS remote_created_at,
    coalesce(c."size", f.headcount) AS headcount,
    coalesce(c.industry, f.industry) AS industry,
    coalesce(c.plan, f.plan) AS plan,
    list_concat(
        [{'name': own_attribute('company id'), 'value': to_json(s.company_key)::VARCHAR},
         {'name': own_attribute('merged company ids'), 'value': to_json(joined_ids(f.merged_ids))::VARCHAR}],
        custom_values(coalesce(f.custom, c.custom), k.all_of_them)) AS vals
FROM target.company_members m
JOIN target.company_sources s ON s.company_id = m.company_id
JOIN clean.companies c ON c.company_id = m.company_id
LEFT JOIN filled f ON f.group_key = m.group_key
CROSS JOIN carriers k
WHERE m.rank = 1;

CREATE OR REPLACE TABLE target.companies AS
WITH shaped AS (
    SELECT source_key, coalesce(d.own_id, source_key) AS company_id, name, website, remote_created_at, headcount AS "size", industry, plan,
        attributes_json(cut_values(vals)) AS custom_attributes
    FROM company_values
    LEFT JOIN (SELECT s.source_key AS source_key, p.id_prefix || s.source_key AS own_id
               FROM map.same_records s CROSS JOIN map.people p WHERE s.object = 'company' AND s.choice <> 'adopt') d
        USING (source_key)
),
with_payload AS (SELECT *, {payload} AS payload FROM shaped)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;

INSERT INTO target.findings FROM findings_of_cuts('companies', 'company_values', 'clean.companies');
DROP TABLE company_values;

-- What a merged company is called otherwise than the company shows it.
INSERT INTO target.findings
SELECT 'companies', s.company_key, 'merged_value_left',
    'name: "' || c.name || '" of company ' || m.company_id || ' gives way to "' || first_value(c.name) OVER by_rank
        || '" of company ' || first_value(m.company_id) OVER by_rank
FROM target.company_members m
JOIN target.company_sources s ON s.company_id = m.company_id
JOIN clean.companies c ON c.company_id = m.company_id
WHERE m.size > 1 AND c.name IS NOT NULL
WINDOW by_rank AS (PARTITION BY m.group_key ORDER BY m.rank)
QUALIFY c.name <> first_value(c.name) OVER by_rank;

INSERT INTO doubt.rows
SELECT 'target/companies', 'companies', 'company_domain_shared', 'domain', a.company_id, c._file, c._line,
    a.domain || ': ' || n.names || if(n.companies > 10, ' and ' || (n.companies - 10) || ' more', '')
        || '; ' || coalesce(c.name, 'no name') || ' is loaded as a company of its own', 1
FROM at_domain a
SEMI JOIN target.unlike_companies u ON u.domain = a.domain
JOIN clean.companies c ON c.company_id = a.company_id
JOIN (
    SELECT o.domain, count(*) AS companies, array_to_string(list_slice(
        list(coalesce(k.name, 'no name') || ' (' || k.company_id || ')' ORDER BY k._row), 1, 10), ', ') AS names
    FROM at_domain o JOIN clean.companies k ON k.company_id = o.company_id GROUP BY o.domain
) n ON n.domain = a.domain
WHERE a.choice IS NULL;
DROP TABLE at_domain;
