-- The first tickets of the migration that stand as they were sent, with their parts, and what is to be seen of them.
-- In: plan.writes, plan.journal (fresh), plan.options, target.conversations, target.parts. At most so many tickets as the parameter says.
-- Out: one row per part, or one without a part. `sent_now` says whether this run has sent the
-- ticket, `sent_at` when it was sent, in unix seconds of Intercom's clock.
WITH tickets AS (
    SELECT j.source_key, j.intercom_id, c.created_at, j.run_id = o.run_id AS sent_now, j.intent_at AS sent_at
    FROM plan.journal j
    CROSS JOIN plan.options o
    JOIN plan.writes w ON w.object = j.object AND w.source_key = j.source_key AND w.operation = 'create'
        AND w.verdict = 'done'
        -- What the ticket was made with is what is still wanted: the source may have corrected the time since.
        AND w.fingerprint = j.fingerprint
    JOIN target.conversations c ON c.source_key = j.source_key
    WHERE j.object = 'conversation' AND j.operation = 'create' AND j.state = 'confirmed'
    ORDER BY j.write_id
    LIMIT ?
)
SELECT
    t.source_key, t.intercom_id, t.created_at, t.sent_now, t.sent_at,
    part.source_key AS part_key, part.intercom_id AS part_id
FROM tickets t
LEFT JOIN plan.journal part ON part.object = 'part' AND part.parent_key = t.source_key AND part.state = 'confirmed'
    AND EXISTS (
        SELECT 1 FROM plan.writes w
        WHERE w.object = 'part' AND w.source_key = part.source_key AND w.verdict = 'done')
    -- A note that only carries files may be wanted at another time than it was sent with, and is left as it is.
    AND EXISTS (SELECT 1 FROM target.parts p WHERE p.source_key = part.source_key AND p.files_of IS NULL)
ORDER BY t.source_key, part.write_id;
