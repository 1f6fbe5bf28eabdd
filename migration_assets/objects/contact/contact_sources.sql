-- Which source customers are one person, and under which external_id that person will be written.

-- Two names at one value of which a word of the one with fewer words is no word of the other, or one is of somebody else
-- by a word that the other has not.
CREATE OR REPLACE TABLE target.unlike_names AS
WITH words AS (SELECT *, unnest(more) AS b FROM (SELECT *, unnest(fewer) AS a FROM target.shared_names))
SELECT DISTINCT kind, value, fewer, more FROM (
    SELECT w.kind, w.value, w.fewer, w.more, w.a FROM words w
    LEFT JOIN target.words_alike l ON l.a = w.a AND l.b = w.b
    GROUP BY ALL HAVING NOT bool_or(w.a = w.b OR l.a IS NOT NULL)
)
UNION
SELECT kind, value, fewer, more FROM target.shared_names WHERE marks_differ(fewer, more);

-- The same e-mail, or the same external id, is the same person unless something else contradicts: names that differ
-- beyond spelling, titles of two people, another phone, another of the other two. A role address says nothing of who somebody is.
-- What an e-mail and an external id together would make one is judged as a whole: no row joins two that contradict.
CREATE OR REPLACE TABLE target.shared AS
WITH unlike AS (SELECT kind, value FROM target.unlike_names UNION SELECT kind, value FROM target.unlike_titles),
counted AS (
    SELECT kind, value, count(DISTINCT phone) AS phones, count(DISTINCT nullif(words, [])) AS names,
        count(DISTINCT if(kind = 'email', external_id, email)) AS others
    FROM target.shared_values GROUP BY ALL
),
judged AS (
    SELECT c.kind, c.value, d.choice, d.customer_id AS owner, r.email IS NOT NULL AS role,
        u.value IS NOT NULL OR c.phones > 1 OR c.others > 1 OR c.names > 50 OR r.email IS NOT NULL AS contradicts,
        CASE
            WHEN d.choice IS NOT NULL THEN d.choice = 'merge'
            WHEN r.email IS NOT NULL THEN FALSE
            ELSE NOT contradicts OR p.same_email = 'merge'
        END AS joined, p.same_email = 'merge' OR coalesce(d.choice = 'merge', FALSE) AS accepted
    FROM counted c
    LEFT JOIN unlike u ON u.kind = c.kind AND u.value = c.value
    LEFT JOIN target.role_emails r ON c.kind = 'email' AND r.email = c.value
    LEFT JOIN map.same_people d ON d.kind = c.kind AND d.value = c.value
    CROSS JOIN map.people p
),
broken AS (
    SELECT c.email, c.external_id FROM target.chains c
    JOIN judged e ON e.kind = 'email' AND e.value = c.email AND e.joined
    JOIN judged x ON x.kind = 'external_id' AND x.value = c.external_id AND x.joined
    SEMI JOIN (
        SELECT value FROM unlike WHERE kind = 'chain'
        UNION
        SELECT value FROM target.chained GROUP BY value
        HAVING count(DISTINCT phone) > 1 OR count(DISTINCT nullif(words, [])) > 50
    ) u ON u.value = c.value
),
apart AS (SELECT 'email' AS kind, email AS value FROM broken UNION SELECT 'external_id', external_id FROM broken)
SELECT j.kind, j.value, j.choice, j.owner, j.role, j.contradicts OR a.value IS NOT NULL AS contradicts,
    j.joined AND (a.value IS NULL OR j.accepted) AS joined
FROM judged j LEFT JOIN apart a ON a.kind = j.kind AND a.value = j.value;

-- Without an e-mail of one's own the external id decides: a customer who shares it with somebody who has an e-mail
-- belongs to that person. Of those who stay apart at one value the ones of one name, and one of all else, are one.
CREATE OR REPLACE TABLE target.customer_members AS
WITH known AS (
    SELECT c.customer_id, c.email, c.external_id, c.created_at, c.updated_at, c._row, n.words, n.phone,
        c.email IS NOT NULL AND coalesce(e.joined, TRUE) AS by_email,
        c.external_id IS NOT NULL AND coalesce(x.joined, TRUE) AS by_id,
        coalesce(x.choice = 'merge', FALSE) AS id_first, coalesce(e.role, FALSE) AS role,
        -- Of one name the title tells people apart, where there are titles of two.
        array_to_string(n.words, ' ') || if(t.value IS NULL, '', ' ' || array_to_string(n.titles, ' ')) AS called
    FROM target.live_customers c
    JOIN target.name_words n ON n.customer_id = c.customer_id
    LEFT JOIN (SELECT DISTINCT value, words FROM target.unlike_titles WHERE kind = 'email' AND words = other_words) t
        ON t.value = c.email AND t.words = n.words
    LEFT JOIN target.shared e ON e.kind = 'email' AND e.value = c.email
    LEFT JOIN target.shared x ON x.kind = 'external_id' AND x.value = c.external_id
),
with_email AS (
    SELECT external_id, max_by(email, row(coalesce(updated_at, TIMESTAMP '0001-01-01'), _row)) AS email
    FROM known WHERE by_id AND by_email GROUP BY external_id
),
same_name AS (
    SELECT email, called FROM known WHERE NOT by_email AND NOT role AND len(words) > 0 AND email IS NOT NULL
    GROUP BY ALL HAVING count(DISTINCT phone) <= 1 AND count(DISTINCT external_id) <= 1
),
keyed AS (
    SELECT c.customer_id, c.external_id, c.email, c.created_at, c.updated_at, c._row, c.by_id,
        CASE
            WHEN c.id_first AND w.email IS NOT NULL THEN 'e:' || w.email
            WHEN c.by_email THEN 'e:' || c.email
            WHEN c.by_id AND w.email IS NOT NULL THEN 'e:' || w.email
            WHEN c.by_id THEN 'x:' || c.external_id
            WHEN s.called IS NOT NULL THEN 's:' || c.email || ' ' || c.called
            ELSE 'c:' || c.customer_id
        END AS group_key
    FROM known c
    LEFT JOIN with_email w ON w.external_id = c.external_id
    LEFT JOIN same_name s ON s.email = c.email AND s.called = c.called
),
-- An e-mail or an external id that people share who stay apart is nobody's, or the one's whom a person names.
owned AS (
    SELECT k.*,
        CASE WHEN min(group_key) OVER (PARTITION BY k.email) = max(group_key) OVER (PARTITION BY k.email)
            OR e.owner = k.customer_id OR e.value IS NULL THEN k.email END AS own_email,
        CASE WHEN min(group_key) OVER (PARTITION BY k.external_id) = max(group_key) OVER (PARTITION BY k.external_id)
            OR x.owner = k.customer_id OR x.joined OR x.value IS NULL THEN k.external_id END AS own_external_id
    FROM keyed k
    LEFT JOIN target.shared e ON e.kind = 'email' AND e.value = k.email
    LEFT JOIN target.shared x ON x.kind = 'external_id' AND x.value = k.external_id
)
SELECT group_key, own_email, own_external_id, customer_id, email, external_id, created_at, _row,
    row_number() OVER (PARTITION BY group_key ORDER BY updated_at DESC NULLS LAST, _row DESC) AS rank,
    count(*) OVER (PARTITION BY group_key) AS size
FROM owned;

-- The key is the source id of the group's first customer: it must stay the same from drop to drop, whichever of them
-- is changed last, because the journal knows the contact by it.
-- The external id is the survivor's, else another's of the group, else the survivor's source id behind the prefix, so
-- that it meets nobody else's. Two people who claim one: the earlier created keeps it. `older_id` is the same as
-- versions before the prefix wrote it.
CREATE OR REPLACE TABLE target.contact_keys AS
WITH groups AS (
    SELECT group_key,
        min_by(own_email, rank) FILTER (own_email IS NOT NULL) AS email,
        min_by(customer_id, rank) AS customer_id,
        min_by(customer_id, row(coalesce(created_at, TIMESTAMP '9999-01-01'), customer_id)) AS contact_key,
        min_by(own_external_id, rank) FILTER (own_external_id IS NOT NULL) AS claimed,
        min(created_at) AS created_at,
        min_by(_row, rank) AS _row
    FROM target.customer_members
    GROUP BY group_key
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY claimed ORDER BY created_at NULLS LAST, _row) AS claim FROM groups
),
claims AS (SELECT DISTINCT external_id AS claimed FROM target.customer_members WHERE external_id IS NOT NULL),
decided AS (
    SELECT r.*, if(r.claim = 1 AND d.choice IS NULL, r.claimed, NULL) AS own_id, d.choice,
        -- Who is to be one of their own is not written under the prefix: without an id of theirs that one is taken.
        if(d.choice IS NULL, p.id_prefix || r.customer_id, namespaced(r.customer_id)) AS prefixed
    FROM ranked r CROSS JOIN map.people p
    LEFT JOIN map.same_records d ON d.object = 'contact' AND d.source_key = r.contact_key AND d.choice <> 'adopt'
)
SELECT r.group_key, if(r.choice = 'separate_without_email', NULL, r.email) AS email, r.customer_id, r.contact_key,
    coalesce(r.own_id, if(c.claimed IS NULL, r.prefixed, namespaced(r.customer_id))) AS external_id,
    coalesce(r.own_id, if(r.choice IS NOT NULL, r.prefixed, if(b.claimed IS NULL, r.customer_id, namespaced(r.customer_id))))
        AS older_id,
    CASE WHEN r.claim > 1 AND r.claimed IS NOT NULL THEN r.claimed END AS lost_claim
FROM decided r
LEFT JOIN claims c ON c.claimed = r.prefixed
LEFT JOIN claims b ON b.claimed = r.customer_id;

CREATE OR REPLACE TABLE target.contact_sources AS
SELECT m.customer_id, k.contact_key, CASE WHEN m.rank = 1 THEN 'loaded' ELSE 'merged' END AS role
FROM target.customer_members m
JOIN target.contact_keys k USING (group_key);

INSERT INTO target.findings
SELECT DISTINCT 'contacts', k.contact_key, 'external_id_left',
    'a merged customer had another external id, ' || m.external_id || '; a contact has only one, so it is in clean.customers alone'
FROM target.customer_members m
JOIN target.contact_keys k USING (group_key)
WHERE m.own_external_id NOT IN (k.external_id, coalesce(k.lost_claim, k.external_id));

INSERT INTO target.findings
SELECT 'contacts', contact_key, 'external_id_taken',
    'another contact with a different e-mail has the external id ' || lost_claim
        || '; this one is written under its ' || source_label() || ' id'
FROM target.contact_keys WHERE lost_claim IS NOT NULL;

-- Whose value it is, nobody has said.
INSERT INTO doubt.rows
WITH undecided AS (
    SELECT s.kind, s.value, v.customer_id
    FROM target.shared s JOIN target.shared_values v ON v.kind = s.kind AND v.value = s.value
    WHERE s.contradicts AND s.choice IS NULL
),
people AS (
    SELECT u.kind, u.value, count(*) AS people, bool_or(m.group_key <> first.group_key) AS apart,
        array_to_string(list_slice(list(coalesce(c.name, 'no name') || ' (' || c.customer_id || ')' ORDER BY c._row), 1, 10), ', ')
            AS names
    FROM undecided u
    JOIN clean.customers c ON c.customer_id = u.customer_id
    JOIN target.customer_members m ON m.customer_id = u.customer_id
    JOIN (SELECT kind, value, min(group_key) AS group_key
          FROM undecided JOIN target.customer_members USING (customer_id) GROUP BY ALL) first
        ON first.kind = u.kind AND first.value = u.value
    GROUP BY ALL
)
SELECT 'target/contacts', 'customers', if(u.kind = 'email', 'email_shared', 'external_id_shared'), u.kind,
    u.customer_id, c._file, c._line,
    u.value || ': ' || p.names || if(p.people > 10, ' and ' || (p.people - 10) || ' more', ''), 1
FROM undecided u
JOIN people p ON p.kind = u.kind AND p.value = u.value
JOIN clean.customers c ON c.customer_id = u.customer_id
CROSS JOIN map.people o
WHERE p.apart OR o.same_email = 'merge';
