-- Which source customers are one person, and under which external_id that person will be written.

-- The same e-mail is the same person. Without an e-mail the external id decides: a customer who shares it with
-- somebody who has an e-mail belongs to that person.
CREATE OR REPLACE TABLE target.customer_members AS
WITH with_email AS (
    SELECT external_id, max_by(email, row(coalesce(updated_at, TIMESTAMP '0001-01-01'), _row)) AS email
    FROM target.live_customers
    WHERE external_id IS NOT NULL AND email IS NOT NULL
    GROUP BY external_id
),
keyed AS (
    SELECT c.customer_id, c.external_id, c.created_at, c.updated_at, c._row,
        CASE
            WHEN c.email IS NOT NULL THEN 'e:' || c.email
            WHEN w.email IS NOT NULL THEN 'e:' || w.email
            WHEN c.external_id IS NOT NULL THEN 'x:' || c.external_id
            ELSE 'c:' || c.customer_id
        END AS group_key,
        coalesce(c.email, w.email) AS group_email
    FROM target.live_customers c
    LEFT JOIN with_email w ON w.external_id = c.external_id
)
SELECT group_key, group_email, customer_id, external_id, created_at, _row,
    row_number() OVER (PARTITION BY group_key ORDER BY updated_at DESC NULLS LAST, _row DESC) AS rank,
    count(*) OVER (PARTITION BY group_key) AS size
FROM keyed;

-- The key is the source id of the group's first customer: it must stay the same from drop to drop, whichever of them
-- is changed last, because the journal knows the contact by it.
-- The external id is the survivor's, else another's of the group, else the survivor's source id. Two people who claim
-- one: the earlier created keeps it. A source id that somebody uses as external id is namespaced.
CREATE OR REPLACE TABLE target.contact_keys AS
WITH groups AS (
    SELECT group_key,
        any_value(group_email) AS email,
        min_by(customer_id, rank) AS customer_id,
        min_by(customer_id, row(coalesce(created_at, TIMESTAMP '9999-01-01'), customer_id)) AS contact_key,
        min_by(external_id, rank) FILTER (external_id IS NOT NULL) AS claimed,
        min(created_at) AS created_at,
        min_by(_row, rank) AS _row
    FROM target.customer_members
    GROUP BY group_key
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY claimed ORDER BY created_at NULLS LAST, _row) AS claim FROM groups
),
claims AS (SELECT DISTINCT claimed FROM groups WHERE claimed IS NOT NULL)
SELECT r.group_key, r.email, r.customer_id, r.contact_key,
    CASE
        WHEN r.claimed IS NOT NULL AND r.claim = 1 THEN r.claimed
        WHEN c.claimed IS NOT NULL THEN namespaced(r.customer_id)
        ELSE r.customer_id
    END AS external_id,
    CASE WHEN r.claim > 1 AND r.claimed IS NOT NULL THEN r.claimed END AS lost_claim
FROM ranked r
LEFT JOIN claims c ON c.claimed = r.customer_id;

CREATE OR REPLACE TABLE target.contact_sources AS
SELECT m.customer_id, k.contact_key, CASE WHEN m.rank = 1 THEN 'loaded' ELSE 'merged' END AS role
FROM target.customer_members m
JOIN target.contact_keys k USING (group_key);

INSERT INTO target.findings
SELECT DISTINCT 'contacts', k.contact_key, 'external_id_left',
    'a merged customer had another external id, ' || m.external_id || '; a contact has only one, so it is in clean.customers alone'
FROM target.customer_members m
JOIN target.contact_keys k USING (group_key)
WHERE m.external_id NOT IN (k.external_id, coalesce(k.lost_claim, k.external_id));

INSERT INTO target.findings
SELECT 'contacts', contact_key, 'external_id_taken',
    'another contact with a different e-mail has the external id ' || lost_claim
        || '; this one is written under its ' || source_label() || ' id'
FROM target.contact_keys WHERE lost_claim IS NOT NULL;
