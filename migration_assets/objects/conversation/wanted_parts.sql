-- Which part brings each file to Intercom: the one that it is to go with, or a note of its own where that one stands
-- already without it, was refused with it, or cannot take it any more.
-- In: target.parts, target.attachments, target.file_headings, plan.desired, plan.journal, plan.options.
-- Out: plan.files (one row per file), plan.part_files, plan.late_parts, plan.wanted_parts (the desired parts with all of that).

-- The journal's fingerprint of a part is the hash of its words, then a bar and a mark for each file it was sent with.
-- So the journal says which files are in Intercom, whatever the target says of them now.
CREATE OR REPLACE TABLE plan.files AS
WITH tried AS (
    SELECT source_key, state, confirmed_at_write IS NOT NULL AS stands, confirmed_fingerprint
    FROM plan.journal WHERE object = 'part' AND operation = 'append'
),
sent AS (
    SELECT mark, min(source_key) AS part_key
    FROM (SELECT source_key, unnest(string_split(confirmed_fingerprint, '|')[2:]) AS mark FROM tried WHERE stands)
    GROUP BY mark
),
-- A contact's reply to what has become a ticket takes no files.
converted AS (
    SELECT j.source_key FROM plan.journal j CROSS JOIN plan.options o
    WHERE o.route = 'conversation' AND j.object = 'conversation' AND j.operation = 'update' AND j.intercom_id IS NOT NULL
),
homes AS (
    SELECT source_key, conversation_key, seq, author_kind, created_at, unnest(attachments) AS attachment_key
    FROM target.parts SEMI JOIN (FROM plan.desired WHERE object = 'part') d USING (source_key)
    WHERE len(attachments) > 0
)
SELECT f.source_key AS attachment_key, f.mark, f.position, h.source_key AS home_key, h.conversation_key, h.seq, h.created_at,
    f.source_key || ':late:' || left(f.mark, 8) AS late_key,
    s.part_key IS NOT NULL AS sent,
    coalesce(t.stands, FALSE) AS home_stands,
    CASE
        WHEN s.part_key IS NOT NULL THEN s.part_key
        WHEN t.stands OR t.state = 'rejected' OR (h.author_kind = 'contact' AND c.source_key IS NOT NULL) THEN late_key
        ELSE h.source_key
    END AS part_key
FROM homes h
JOIN target.attachments f ON f.source_key = h.attachment_key
LEFT JOIN tried t ON t.source_key = h.source_key
LEFT JOIN sent s ON s.mark = f.mark
LEFT JOIN converted c ON c.source_key = h.conversation_key;

-- Per part that is to carry files: the marks of those it will be sent with. A note that only carries files is optional:
-- whatever becomes of it keeps nothing else back. With no files left for it, it is not wanted at all.
CREATE OR REPLACE TABLE plan.part_files AS
SELECT f.home_key AS part_key,
    string_agg(f.mark, '|' ORDER BY f.position) FILTER (f.part_key = f.home_key AND NOT f.sent) AS marks,
    any_value(p.files_of IS NOT NULL) AS optional,
    any_value(p.files_of IS NULL OR f.home_stands) OR bool_or(f.part_key = f.home_key) AS wanted
FROM plan.files f JOIN target.parts p ON p.source_key = f.home_key
GROUP BY f.home_key;

CREATE OR REPLACE TABLE plan.late_parts AS
SELECT f.late_key AS source_key, f.conversation_key, f.seq, 'admin' AS author_kind, NULL::VARCHAR AS author_key, 'note' AS kind,
    '<p>' || replace(replace(replace(
        h.heading || ': ' || a.name || ' (' || source_label() || ' attachment ' || a.source_key || ').',
        '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
        || '</p>' AS body,
    f.created_at, f.mark
FROM plan.files f
JOIN target.attachments a ON a.source_key = f.attachment_key
JOIN target.file_headings h ON h.ticket_id = a.ticket_id AND h.message_id IS NOT DISTINCT FROM a.message_id
WHERE f.part_key = f.late_key;

CREATE OR REPLACE VIEW plan.wanted_parts AS
SELECT d.* EXCLUDE (fingerprint), coalesce(d.fingerprint || '|' || f.marks, d.fingerprint) AS fingerprint,
    coalesce(f.optional, FALSE) AS optional
FROM plan.desired d
LEFT JOIN plan.part_files f ON f.part_key = d.source_key
WHERE d.object = 'part' AND coalesce(f.wanted, TRUE)
UNION ALL BY NAME
SELECT 'part' AS object, source_key, conversation_key AS parent_key, 'append' AS operation, seq AS step,
    'conversation' AS record_object, conversation_key AS record_key,
    sha256('file ' || mark) || '|' || mark AS fingerprint, TRUE AS optional
FROM plan.late_parts;
