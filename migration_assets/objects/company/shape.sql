-- One row per company as Intercom should hold it; `target.company_sources` says which source company became which.

CREATE OR REPLACE TEMP MACRO company_words(name) AS list_filter(name_words(name), lambda word: word NOT IN (
    'gmbh', 'ag', 'kg', 'co', 'se', 'ug', 'ltd', 'limited', 'inc', 'llc', 'llp', 'plc', 'corp', 'sa', 'sas', 'sarl', 'srl', 'sl',
    'spa', 'bv', 'nv', 'ab', 'oy', 'as', 'the', 'und', 'and', 'et', 'y', 'e', 'de', 'group', 'gruppe', 'holding', 'company'));

-- The domain is the deduplication key, except free-mail domains (gmail.com is nobody's company) and empty ones.
-- The newest of a group survives with its values; the key is the first one's, which stays the same from drop to drop
-- and cannot be changed in Intercom.
CREATE OR REPLACE TABLE target.company_members AS
WITH keyed AS (
    SELECT c.company_id, c.updated_at, c.created_at, c._row,
        CASE
            WHEN coalesce(c.domain, '') <> '' AND f.domain IS NULL THEN 'd:' || lower(c.domain)
            ELSE 'c:' || c.company_id
        END AS group_key
    FROM target.live_companies c
    LEFT JOIN map.free_mail f ON f.domain = lower(c.domain)
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
CREATE OR REPLACE TEMP TABLE company_names AS
SELECT m.company_id, m.group_key, s.company_key, c.name, c.domain, c._file, c._line, company_words(c.name) AS words,
    first_value(c.name) OVER by_rank AS shown, first_value(m.company_id) OVER by_rank AS shown_id
FROM target.company_members m
JOIN target.company_sources s ON s.company_id = m.company_id
JOIN clean.companies c ON c.company_id = m.company_id
WHERE m.size > 1 AND c.name IS NOT NULL
WINDOW by_rank AS (PARTITION BY m.group_key ORDER BY m.rank);

INSERT INTO target.findings
SELECT 'companies', company_key, 'merged_value_left',
    'name: "' || name || '" of company ' || company_id || ' gives way to "' || shown || '" of company ' || shown_id
FROM company_names WHERE name <> shown;

-- Names that share no word, and are not spelled nearly alike, may be two companies of one holding.
INSERT INTO doubt.rows
SELECT 'target/companies', 'companies', 'company_domain_shared', 'domain', company_id, _file, _line,
    domain || ': ' || name || ' (' || company_id || ') is loaded as ' || shown || ' (' || shown_id || ')', 1
FROM company_names
WHERE len(words) > 0 AND len(company_words(shown)) > 0 AND NOT list_has_any(words, company_words(shown))
    AND jaro_winkler_similarity(array_to_string(words, ''), array_to_string(company_words(shown), '')) < 0.85;
DROP TABLE company_names;
