-- The rest of what was read of conversations: where parts and files were found, and in which order.
-- In: latest, verified.*, observed.fields (verified/fields/observed.sql), target.parts, target.attachments, plan.late_parts.
-- Out: observed.fields, verified.part_order, verified.cut_short.

-- In which conversation of ours a part was found.
INSERT INTO observed.fields
SELECT 'part', k.source_key, l.intercom_id, 'conversation', own.source_key
FROM latest l
JOIN verified.applied_writes k ON k.object = 'part' AND k.intercom_id = l.intercom_id
JOIN verified.applied_writes own ON own.object = 'conversation' AND own.intercom_id = l.owner
SEMI JOIN verified.reread r ON r.object = 'part' AND r.source_key = k.source_key
WHERE l.object = 'part' AND l.field = 'present';

INSERT INTO observed.fields
SELECT g.object, g.source_key, g.intercom_id, 'part_counter', g.value
FROM observed.fields g
SEMI JOIN verified.reread r ON r.object = g.object AND r.source_key = g.source_key
WHERE g.object = 'conversation' AND g.field = 'parts_given';

-- The files of a part are told apart by name, those of one name by their order; the rest is paired in order.
INSERT INTO observed.fields
WITH shown AS (
    SELECT split_part(intercom_id, '/', 1) AS part_id, intercom_id, split_part(intercom_id, '/', 2)::INT AS place,
        max(value) FILTER (field = 'name') AS name,
        max(value) FILTER (field = 'content_type') AS content_type,
        max(value) FILTER (field = 'filesize') AS filesize
    FROM latest WHERE object = 'attachment' GROUP BY intercom_id
),
wanted AS (
    SELECT k.source_key, k.parent_key AS part_key, split_part(k.intercom_id, '/', 1) AS part_id, t.name, t.position
    FROM verified.applied_writes k
    JOIN target.attachments t ON t.source_key = k.source_key
    SEMI JOIN verified.reread r ON r.object = 'attachment' AND r.source_key = k.source_key
    WHERE k.object = 'attachment'
),
named AS (
    SELECT w.source_key, s.intercom_id
    FROM (SELECT *, row_number() OVER (PARTITION BY part_id, name ORDER BY position) AS nth FROM wanted) w
    JOIN (SELECT *, row_number() OVER (PARTITION BY part_id, name ORDER BY place) AS nth FROM shown) s
        ON s.part_id = w.part_id AND s.name = w.name AND s.nth = w.nth
),
others AS (
    SELECT w.source_key, s.intercom_id
    FROM (SELECT *, row_number() OVER (PARTITION BY part_id ORDER BY position) AS nth
          FROM wanted ANTI JOIN named USING (source_key)) w
    JOIN (SELECT *, row_number() OVER (PARTITION BY part_id ORDER BY place) AS nth
          FROM shown ANTI JOIN named USING (intercom_id)) s
        ON s.part_id = w.part_id AND s.nth = w.nth
)
SELECT 'attachment', m.source_key, m.intercom_id, f.field, f.value
FROM (FROM named UNION ALL FROM others) m
JOIN shown s USING (intercom_id)
JOIN wanted w USING (source_key)
CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'part', 'value': w.part_key},
    {'field': 'name', 'value': s.name},
    {'field': 'content_type', 'value': s.content_type},
    {'field': 'filesize', 'value': s.filesize}]) AS u(f);

-- The order of the parts that are there, as it should be and as it is: one that is missing moves no other.
CREATE OR REPLACE TABLE verified.part_order AS
WITH every AS (
    SELECT source_key, seq, created_at FROM target.parts
    UNION ALL SELECT source_key, seq, created_at FROM plan.late_parts
),
placed AS (
    SELECT f.source_key, max(f.value) FILTER (f.field = 'conversation') AS conversation_key,
        max(f.value) FILTER (f.field = 'place')::INT AS place
    FROM observed.fields f WHERE f.object = 'part' AND f.field IN ('conversation', 'place') GROUP BY f.source_key
),
ranked AS (
    SELECT p.source_key, p.conversation_key, e.created_at,
        row_number() OVER (PARTITION BY p.conversation_key ORDER BY e.created_at, e.seq, p.source_key) AS expected,
        row_number() OVER (PARTITION BY p.conversation_key ORDER BY p.place) AS found
    FROM placed p JOIN every e USING (source_key)
)
SELECT r.source_key, r.expected, r.found, coalesce(there.created_at = r.created_at, FALSE) AS tied
FROM ranked r
LEFT JOIN ranked there ON there.conversation_key = r.conversation_key AND there.expected = r.found;

DELETE FROM observed.fields WHERE object = 'part' AND field = 'order';
INSERT INTO observed.fields
SELECT 'part', x.source_key, k.intercom_id, 'order', x.found::VARCHAR
FROM verified.part_order x JOIN verified.applied_writes k ON k.object = 'part' AND k.source_key = x.source_key;

-- Conversations of which Intercom gives the newest parts only: what is not among them cannot be verified.
CREATE OR REPLACE TABLE verified.cut_short AS
SELECT g.source_key, 'part_counter' AS field
FROM observed.fields g
LEFT JOIN observed.fields n ON n.object = 'conversation' AND n.source_key = g.source_key AND n.field = 'parts_counted'
WHERE g.object = 'conversation' AND g.field = 'parts_given'
    AND (n.value IS NULL OR n.value::BIGINT > g.value::BIGINT);
