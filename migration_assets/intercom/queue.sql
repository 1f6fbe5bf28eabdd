-- What a load has to do now. In: plan.writes (fresh), plan.journal, target.*; the object is bound as $object.
-- Out: plan.ids, plan.missing, plan.queue(position, record_key).

CREATE OR REPLACE TABLE plan.ids AS
SELECT object, source_key, intercom_id FROM plan.journal
WHERE intercom_id IS NOT NULL AND operation IN ('create', 'upsert');

CREATE OR REPLACE TABLE plan.queue AS
WITH sends AS (
    SELECT DISTINCT record_key FROM plan.writes WHERE record_object = $object AND verdict = 'send'
),
needed AS (
    SELECT l.source_key AS record_key, 'contact' AS object, l.contact_key AS source_key
    FROM target.contact_companies l WHERE $object = 'contact_company'
    UNION ALL
    SELECT l.source_key, 'company', l.company_key
    FROM target.contact_companies l WHERE $object = 'contact_company'
    UNION ALL
    SELECT c.source_key, 'contact', c.contact_key
    FROM target.conversations c WHERE $object = 'conversation'
    UNION ALL
    SELECT c.source_key, 'company', c.company_key
    FROM target.conversations c WHERE $object = 'conversation' AND c.company_key IS NOT NULL
    UNION ALL
    SELECT p.conversation_key, 'contact', p.author_key
    FROM target.parts p WHERE $object = 'conversation' AND p.author_kind = 'contact'
    UNION ALL
    SELECT t.conversation_key, 'tag', t.tag_key
    FROM plan.conversation_tags t
    JOIN plan.writes w ON w.object = 'conversation_tag' AND w.verdict = 'send'
        AND w.source_key = t.conversation_key || '|' || t.tag_key
    WHERE $object = 'conversation'
),
-- Something that the record needs is not in Intercom: it waits, and is counted as blocked.
missing AS (
    SELECT DISTINCT n.record_key
    FROM needed n ANTI JOIN plan.ids i ON i.object = n.object AND i.source_key = n.source_key
)
SELECT
    row_number() OVER (ORDER BY c.created_at NULLS FIRST, s.record_key) - 1 AS position,
    s.record_key
FROM sends s
ANTI JOIN missing m ON m.record_key = s.record_key
LEFT JOIN target.conversations c ON $object = 'conversation' AND c.source_key = s.record_key;
