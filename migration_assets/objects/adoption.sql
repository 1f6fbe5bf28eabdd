-- Which record in Intercom each of ours that is not there yet would be taken for, and what of it contradicts ours.
-- In: observed.standing, target.contacts, target.companies, map.same_records, plan.journal. Out: observed.namesakes.
CREATE OR REPLACE TABLE observed.namesakes AS
WITH ours AS (
    SELECT 'contact' AS object, source_key, external_id AS id, older_id, email, phone, name,
        external_id = older_id AND NOT placeholder AS own_id,
        json_extract_string(custom_attributes, '$."' || own_attribute('id') || '"') AS source_id
    FROM target.contacts
    UNION ALL
    SELECT 'company', source_key, company_id, company_id, website, NULL, name, TRUE,
        json_extract_string(custom_attributes, '$."' || own_attribute('company id') || '"')
    FROM target.companies
),
wanted AS (
    SELECT o.* FROM ours o
    ANTI JOIN (FROM plan.journal WHERE intercom_id IS NOT NULL) j ON j.object = o.object AND j.source_key = o.source_key
    ANTI JOIN (FROM map.same_records WHERE choice = 'adopt') d ON d.object = o.object AND d.source_key = o.source_key
),
found AS (
    SELECT o.object, o.source_key, s.intercom_id FROM wanted o JOIN observed.standing s ON s.object = o.object AND s.id = o.id
    UNION
    SELECT o.object, o.source_key, s.intercom_id
    FROM wanted o JOIN observed.standing s ON s.object = o.object AND s.email = lower(o.email) AND o.object = 'contact'
    UNION
    SELECT o.object, o.source_key, s.intercom_id
    FROM wanted o JOIN observed.standing s ON s.object = o.object AND s.id = o.older_id AND s.source_id = o.source_id
)
SELECT f.object, f.source_key, f.intercom_id,
    -- What bears the mark of an earlier run is ours, whatever has been edited in it.
    coalesce(s.source_id = o.source_id AND s.id IN (o.id, o.older_id), FALSE) AS ours,
    s.id = o.older_id AND s.id <> o.id AS older,
    coalesce(domain_or_email(s.email) <> domain_or_email(o.email), FALSE)
        OR coalesce(regexp_replace(s.phone, '\D', '', 'g') <> regexp_replace(o.phone, '\D', '', 'g'), FALSE)
        OR coalesce(o.own_id AND s.id <> o.id, FALSE)
        OR titles_differ(name_titles(o.name), name_titles(s.name))
        OR o.object = 'contact' AND marks_differ(name_words(o.name), name_words(s.name)) AS contradicts,
    name_words(o.name) AS our_words, name_words(s.name) AS their_words,
    o.name, concat_ws(', ', o.name, o.id, o.email, o.phone) AS one, concat_ws(', ', s.name, s.id, s.email, s.phone) AS other
FROM found f
JOIN wanted o ON o.object = f.object AND o.source_key = f.source_key
JOIN observed.standing s ON s.object = f.object AND s.intercom_id = f.intercom_id;

CREATE OR REPLACE TABLE observed.namesake_words AS
SELECT DISTINCT object, source_key, intercom_id, a, unnest(more) AS b
FROM (SELECT *, unnest(if(len(our_words) <= len(their_words), our_words, their_words)) AS a,
        if(len(our_words) <= len(their_words), their_words, our_words) AS more
      FROM observed.namesakes WHERE NOT ours AND len(our_words) > 0 AND len(their_words) > 0);

CREATE OR REPLACE TABLE observed.namesake_pairs AS
SELECT DISTINCT if(length(a) <= length(b), a, b) AS short, if(length(a) <= length(b), b, a) AS long
FROM observed.namesake_words WHERE a <> b;
