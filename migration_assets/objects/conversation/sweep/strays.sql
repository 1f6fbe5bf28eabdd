-- What is in Intercom under our contacts and is not as the journal has it.
-- In: plan.journal (fresh), plan.wanted, plan.bound_elsewhere, target.conversations, target.parts, observed.tickets,
-- observed.ticket_parts, observed.opening_messages, observed.conversations, observed.parts, observed.deleted_in_intercom.
-- Out: verdict.strays, a further row per finding; kind is twice, orphaned or missing. `conversation_id` is where a part is,
-- `ours_id` is what the journal knows of the same record.

CREATE OR REPLACE TABLE plan.bound AS
SELECT object, source_key, parent_key, intercom_id, intent_at, "at" FROM plan.journal
WHERE intercom_id IS NOT NULL AND object IN ('conversation', 'part') AND operation IN ('create', 'append');

-- While it is not known what became of a write, what it may have made is nobody's stray.
CREATE OR REPLACE TABLE plan.open_writes AS
SELECT object, source_key, parent_key FROM plan.journal
WHERE state IN ('intent', 'ambiguous') AND object IN ('conversation', 'part') AND operation IN ('create', 'append');

INSERT INTO verdict.strays BY NAME
WITH contacts AS (
    SELECT source_key, intercom_id FROM plan.journal
    WHERE object = 'contact' AND operation = 'create' AND intercom_id IS NOT NULL
),
known AS (
    SELECT object, intercom_id FROM plan.bound UNION SELECT object, intercom_id FROM plan.bound_elsewhere
),
conversation_keys AS (
    SELECT source_key FROM target.conversations
    UNION
    SELECT source_key FROM plan.journal WHERE object = 'conversation'
),
-- Tickets that carry a source id, are ours by that id or by their contact, and that no write knows.
tickets AS (
    SELECT t.source_id AS source_key, t.intercom_id
    FROM observed.tickets t
    ANTI JOIN known k ON k.object = 'conversation' AND k.intercom_id = t.intercom_id
    ANTI JOIN plan.open_writes o ON o.object = 'conversation' AND o.source_key = t.source_id
    WHERE t.source_id <> '' AND (
        t.source_id IN (SELECT source_key FROM conversation_keys)
        OR t.contact_id IN (SELECT intercom_id FROM contacts))
),
stray_tickets AS (
    SELECT s.source_key, s.intercom_id, ours.intercom_id AS ours_id
    FROM tickets s
    LEFT JOIN (
        SELECT b.source_key, b.intercom_id FROM plan.bound b
        SEMI JOIN observed.tickets t ON t.intercom_id = b.intercom_id
        WHERE b.object = 'conversation'
    ) ours ON ours.source_key = s.source_key
),
-- Conversations that never became tickets: what a late POST /conversations leaves. It carries no id of ours, so that
-- contact, second and text speak for it; the sooner of two of ours that look alike stands for both.
opening_messages AS (
    SELECT o.intercom_id, o.contact_id, o.created_at, o.likeness
    FROM observed.opening_messages o
    SEMI JOIN contacts c ON c.intercom_id = o.contact_id
    ANTI JOIN known k ON k.object = 'conversation' AND k.intercom_id = o.intercom_id
    WHERE NOT o.is_ticket
),
stray_opening_messages AS (
    SELECT
        min_by(ours.source_key, ours.intercom_id) AS source_key, s.intercom_id,
        min(ours.intercom_id) AS ours_id
    FROM opening_messages s
    JOIN observed.opening_messages o ON o.likeness = s.likeness AND o.intercom_id <> s.intercom_id
    JOIN plan.bound ours ON ours.object = 'conversation' AND ours.intercom_id = o.intercom_id
    GROUP BY s.intercom_id
    UNION ALL
    SELECT min(c.source_key), s.intercom_id, NULL
    FROM opening_messages s
    JOIN contacts ON contacts.intercom_id = s.contact_id
    JOIN target.conversations c ON c.contact_key = contacts.source_key AND c.created_at = s.created_at
    ANTI JOIN plan.bound b ON b.object = 'conversation' AND b.source_key = c.source_key
    ANTI JOIN plan.open_writes o ON o.object = 'conversation' AND o.source_key = c.source_key
    WHERE s.likeness NOT IN (
        SELECT o.likeness FROM observed.opening_messages o
        JOIN plan.bound b ON b.object = 'conversation' AND b.intercom_id = o.intercom_id)
    GROUP BY s.intercom_id
),
-- Parts in our tickets that somebody wrote and that no write knows.
written AS (
    SELECT p.*, b.source_key AS conversation_key
    FROM observed.ticket_parts p
    JOIN plan.bound b ON b.object = 'conversation' AND b.intercom_id = p.ticket_id
    ANTI JOIN known k ON k.object = 'part' AND k.intercom_id = p.part_id
    ANTI JOIN plan.open_writes o ON o.object = 'part' AND o.parent_key = b.source_key
    WHERE p.said AND NOT p.redacted
),
stray_parts AS (
    SELECT w.part_id AS intercom_id, w.ticket_id, min_by(b.source_key, b.intercom_id) AS source_key,
        min(b.intercom_id) AS ours_id
    FROM written w
    JOIN observed.ticket_parts p ON p.ticket_id = w.ticket_id AND p.likeness = w.likeness AND NOT p.redacted
    JOIN plan.bound b ON b.object = 'part' AND b.intercom_id = p.part_id
    GROUP BY w.part_id, w.ticket_id
    UNION ALL
    -- No part of ours is like it, yet it stands at the very second of one: people's parts are dated when they write.
    SELECT w.part_id, w.ticket_id, min(t.source_key), NULL
    FROM written w
    JOIN target.parts t ON t.conversation_key = w.conversation_key AND t.created_at = w.created_at
    WHERE NOT EXISTS (
        SELECT 1 FROM observed.ticket_parts p
        JOIN plan.bound b ON b.object = 'part' AND b.intercom_id = p.part_id
        WHERE p.ticket_id = w.ticket_id AND p.likeness = w.likeness AND NOT p.redacted)
    GROUP BY w.part_id, w.ticket_id
),
-- Loaded, wanted, not known to be gone, and not shown: asked for by their ids before they are called missing.
missing AS (
    SELECT b.object, b.source_key, b.intercom_id, CASE WHEN b.object = 'part' THEN own.intercom_id END AS conversation_id
    FROM plan.bound b
    SEMI JOIN plan.wanted w ON w.object = b.object AND w.source_key = b.source_key
    ANTI JOIN observed.deleted_in_intercom g ON g.object = b.object AND g.source_key = b.source_key
    ANTI JOIN (
        SELECT 'conversation' AS object, intercom_id FROM observed.tickets
        UNION ALL SELECT 'conversation', intercom_id FROM observed.conversations
        UNION ALL SELECT 'part', intercom_id FROM observed.parts
        UNION ALL SELECT 'part', part_id FROM observed.ticket_parts
    ) shown ON shown.object = b.object AND shown.intercom_id = b.intercom_id
    LEFT JOIN plan.bound own ON b.object = 'part' AND own.object = 'conversation' AND own.source_key = b.parent_key
)
SELECT
    if(ours_id IS NULL, 'orphaned', 'twice') AS kind, object, source_key, intercom_id, conversation_id, ours_id,
    is_ticket,
    if(ours_id IS NOT NULL AND holds_ours, 'left', NULL) AS outcome,
    if(ours_id IS NOT NULL AND holds_ours, 'it holds messages that the journal knows', NULL) AS reason,
    -- As the journal calls it once it is taken back.
    if(object = 'part', conversation_id || '|' || intercom_id, intercom_id) AS key
FROM (
    SELECT
        'conversation' AS object, source_key, intercom_id, NULL AS conversation_id, ours_id, TRUE AS is_ticket,
        intercom_id IN (
            SELECT p.ticket_id FROM observed.ticket_parts p
            JOIN known k ON k.object = 'part' AND k.intercom_id = p.part_id) AS holds_ours
    FROM stray_tickets
    UNION ALL
    SELECT 'conversation', source_key, intercom_id, NULL, ours_id, FALSE, FALSE FROM stray_opening_messages
    UNION ALL
    SELECT 'part', source_key, intercom_id, ticket_id, ours_id, TRUE, FALSE FROM stray_parts
) f
UNION ALL
SELECT 'missing', object, source_key, intercom_id, conversation_id, NULL, TRUE, NULL, NULL, intercom_id
FROM missing;

-- What others did in our tickets since; that is no fault, and is only counted, as is what was read.
INSERT INTO verdict.others BY NAME
WITH ours AS (
    SELECT p.*, b.source_key FROM observed.ticket_parts p
    JOIN plan.bound b ON b.object = 'conversation' AND b.intercom_id = p.ticket_id
    ANTI JOIN plan.bound k ON k.object = 'part' AND k.intercom_id = p.part_id
    ANTI JOIN verdict.strays s ON s.object = 'part' AND s.intercom_id = p.part_id
),
spans AS (
    SELECT if(object = 'conversation', source_key, parent_key) AS source_key, first_at, "at" FROM plan.journal
    WHERE object IN ('conversation', 'part', 'conversation_tag')
),
-- What may be ours is, if we were writing to the ticket then, or had not begun to; the seconds are CLOCKS_DIFFER.
later AS (
    SELECT o.part_id FROM ours o JOIN spans w ON w.source_key = o.source_key
    WHERE o.cause = 'perhaps us'
    GROUP BY o.part_id, o.created_at
    HAVING NOT bool_or(o.created_at BETWEEN w.first_at - 300 AND w."at" + 300)
        AND o.created_at >= min(w.first_at) - 300
)
SELECT
    count(*) FILTER (said AND NOT redacted) AS foreign_parts,
    count(*) FILTER (NOT said AND (cause = 'others' OR part_id IN (SELECT part_id FROM later))) AS foreign_edits,
    (SELECT coalesce(sum(t.parts_total - t.parts_given), 0)::BIGINT FROM observed.tickets t
        SEMI JOIN plan.bound b ON b.object = 'conversation' AND b.intercom_id = t.intercom_id) AS not_shown,
    (SELECT count(*) FROM observed.tickets) AS tickets_read,
    (SELECT count(*) FROM observed.ticket_parts) AS parts_read,
    (SELECT count(*) FROM observed.opening_messages) AS conversations_read
FROM ours;
