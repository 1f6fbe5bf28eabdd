-- One row per person as Intercom should hold them: real customers (contact_sources.sql) and placeholders (authors.sql).

-- What the survivor lacks comes from the others, the most recent first. Only groups of several are aggregated.
CREATE OR REPLACE TEMP TABLE contact_values AS
WITH filled AS (
    SELECT m.group_key,
        min_by(c.name, m.rank) FILTER (c.name IS NOT NULL) AS name,
        min_by(c.phone, m.rank) FILTER (c.phone IS NOT NULL) AS phone,
        min(c.created_at) AS created_at,
        max(c.last_seen_at) AS last_seen_at,
        list(m.customer_id ORDER BY m.created_at NULLS FIRST, m.customer_id) FILTER (m.rank > 1) AS merged_ids,
        list_reduce(
            list(coalesce(c.custom, '{}')::JSON ORDER BY m.rank DESC),
            lambda older, newer: json_merge_patch(older, newer)) AS custom
    FROM target.customer_members m
    JOIN clean.customers c USING (customer_id)
    WHERE m.size > 1
    GROUP BY m.group_key
),
carriers AS (SELECT list(c ORDER BY c.name) AS all_of_them FROM map.carriers c WHERE c.object = 'customer')
SELECT k.contact_key AS source_key, k.external_id, k.older_id,
    k.email,
    coalesce(c.phone, f.phone) AS phone,
    coalesce(c.name, f.name) AS name,
    seconds(coalesce(f.created_at, c.created_at)) AS signed_up_at,
    seconds(coalesce(f.last_seen_at, c.last_seen_at)) AS last_seen_at,
    list_concat(
        [{'name': own_attribute('id'), 'value': to_json(c.customer_id)::VARCHAR},
         {'name': own_attribute('merged ids'), 'value': to_json(joined_ids(f.merged_ids))::VARCHAR}],
        custom_values(coalesce(f.custom, c.custom), a.all_of_them)) AS vals,
    FALSE AS placeholder, FALSE AS withheld
FROM target.contact_keys k
JOIN clean.customers c ON c.customer_id = k.customer_id
LEFT JOIN filled f ON f.group_key = k.group_key
CROSS JOIN carriers a
UNION ALL
SELECT source_key, external_id, source_key, email, NULL, name, NULL, NULL,
    [{'name': own_attribute('id'), 'value': to_json(customer_id)::VARCHAR},
     {'name': own_attribute('placeholder'), 'value': 'true'}],
    TRUE, withheld
FROM target.placeholders;

CREATE OR REPLACE TABLE target.contacts AS
WITH shaped AS (
    SELECT source_key, external_id, older_id, email, phone, name, signed_up_at, last_seen_at,
        attributes_json(cut_values(vals)) AS custom_attributes, placeholder, withheld
    FROM contact_values
),
with_payload AS (SELECT *, {payload} AS payload FROM shaped),
-- What says whether it has changed has the older id, so that what stands under that one stays as it is.
as_before AS (SELECT source_key, {payload} AS payload FROM (SELECT * REPLACE (older_id AS external_id) FROM shaped))
SELECT n.*, sha256(b.payload::VARCHAR) AS fingerprint FROM with_payload n JOIN as_before b USING (source_key);

INSERT INTO target.findings FROM findings_of_cuts('contacts', 'contact_values', 'clean.customers');
DROP TABLE contact_values;

-- What a merged customer has otherwise than the contact shows it: one line per value that gives way.
INSERT INTO target.findings
WITH members AS (
    SELECT m.group_key, m.rank, c.customer_id, k.contact_key, c.name, c.email, c.phone,
        coalesce(c.custom, '{}')::JSON AS custom
    FROM target.customer_members m
    JOIN clean.customers c USING (customer_id)
    JOIN target.contact_keys k USING (group_key)
    WHERE m.size > 1
),
said AS (
    SELECT contact_key, rank, customer_id, unnest([
        {'field': 'name', 'value': name}, {'field': 'email', 'value': email}, {'field': 'phone', 'value': phone}],
        recursive := TRUE)
    FROM members
    UNION ALL
    SELECT contact_key, rank, customer_id, field, json_extract_string(custom, '$."' || field || '"')
    FROM (SELECT *, unnest(json_keys(custom)) AS field FROM members)
),
kept AS (SELECT contact_key, field, min_by(row(value, customer_id), rank) AS one FROM said WHERE value IS NOT NULL GROUP BY ALL)
SELECT DISTINCT 'contacts', s.contact_key, 'merged_value_left',
    s.field || ': "' || s.value || '" of customer ' || s.customer_id || ' gives way to "' || k.one[1] || '" of customer '
        || k.one[2]
FROM said s JOIN kept k ON k.contact_key = s.contact_key AND k.field = s.field
WHERE s.value IS NOT NULL AND s.value <> k.one[1];
