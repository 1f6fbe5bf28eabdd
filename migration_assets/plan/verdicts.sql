-- A verdict for every desired write: what the journal knows of it decides.
-- In: plan.wanted, plan.journal, plan.options, plan.admin_ids, plan.team_ids, target.conversations, observed.gone,
-- verdict.differences (of the last verification).
-- Out: plan.writes; plan.known, plan.judged, plan.woken and plan.holds on the way.

-- What is known per lane. Creating and updating the same thing is one lane where the update carries the same
-- payload; on the conversation route it carries another one and is a lane of its own.
CREATE OR REPLACE TABLE plan.known AS
SELECT
    j.object,
    j.source_key,
    CASE
        WHEN j.operation = 'update' AND (j.object = 'contact' OR o.route = 'ticket') THEN 'create'
        ELSE j.operation
    END AS lane,
    bool_or(j.state IN ('intent', 'ambiguous')) AS unknown,
    bool_or(j.intercom_id IS NOT NULL AND j.operation <> 'update') AS present,
    arg_max(j.confirmed_fingerprint, j.confirmed_at_write) FILTER (j.confirmed_at_write IS NOT NULL)
        AS confirmed_fingerprint,
    bool_or(j.confirmed_at_write IS NOT NULL) AS confirmed,
    arg_max(j.state, j.write_id) AS last_state,
    arg_max(j.fingerprint, j.write_id) AS last_fingerprint,
    arg_max(j.run_id, j.write_id) AS last_run,
    arg_max(j.error_code, j.write_id) AS error_code,
    -- The last write went well but for fields that somebody had edited in Intercom, which were kept.
    coalesce(arg_max(j.state = 'confirmed' AND j.error_code = 'edits' AND contains(j.error_message, 'kept '), j.write_id), FALSE)
        AS kept_edits,
    arg_max(j.operation, j.write_id) AS last_operation,
    arg_min(j.parent_key, j.write_id) AS parent_key
FROM plan.journal j CROSS JOIN plan.options o
GROUP BY ALL;

CREATE OR REPLACE TABLE plan.judged AS
SELECT
    d.* EXCLUDE (operation),
    d.operation AS lane,
    coalesce(k.present, FALSE) AND g.source_key IS NULL AS present,
    -- It changes what stands, which is read first: somebody may have edited it since. Of a ticket that was made before,
    -- or that a lost journal was completed with, that holds for the first write of a kind too.
    coalesce(k.confirmed, FALSE) AND d.object IN ('contact', 'company', 'conversation')
        OR d.object = 'conversation' AND d.operation <> 'create' AND coalesce(made.present, FALSE) AS changes,
    k.last_operation,
    coalesce(g.code, k.error_code) AS error_code,
    g.source_key IS NOT NULL AS gone,
    CASE
        WHEN k.unknown THEN 'unresolved'
        -- Somebody has deleted it in Intercom: it is not made again unless a person says so.
        WHEN g.source_key IS NOT NULL AND d.operation IN ('create', 'upsert', 'attach', 'append') THEN 'failed_before'
        -- It was found to differ when it was verified: what can be written again is, once in this run.
        WHEN o.resync AND x.record_key IS NOT NULL AND k.confirmed AND k.last_run <> o.run_id AND d.object <> 'part'
            AND NOT (d.object = 'conversation' AND d.operation = 'create' AND o.route = 'conversation')
            THEN 'send'
        -- What follows the bar in a part's fingerprint are its files (files.sql), which are looked at one by one.
        WHEN k.kept_edits AND o.overwrite_edited THEN 'send'
        WHEN k.confirmed AND split_part(k.confirmed_fingerprint, '|', 1) = split_part(d.fingerprint, '|', 1) THEN 'done'
        WHEN k.last_state = 'rejected' AND k.last_fingerprint = d.fingerprint
            AND NOT (o.retry_failed AND k.last_run <> o.run_id) THEN 'failed_before'
        WHEN k.confirmed AND d.object = 'part' THEN 'immutable_changed'
        -- A conversation cannot be given to another contact, nor its beginning be moved.
        WHEN k.confirmed AND d.object = 'conversation' AND d.operation = 'create'
            AND (o.route = 'conversation' OR k.parent_key <> d.parent_key) THEN 'immutable_changed'
        ELSE 'send'
    END AS verdict
FROM plan.wanted d
CROSS JOIN plan.options o
LEFT JOIN plan.known k ON k.object = d.object AND k.source_key = d.source_key AND k.lane = d.operation
LEFT JOIN plan.known made
    ON d.object = 'conversation' AND made.object = d.object AND made.source_key = d.source_key AND made.lane = 'create'
LEFT JOIN observed.gone g ON g.object = d.object AND g.source_key = d.source_key
LEFT JOIN (SELECT DISTINCT object AS record_object, source_key AS record_key FROM verdict.differences) x
    ON x.record_object = d.record_object AND x.record_key = d.record_key;

-- Conversations that a confirmed write of ours may have woken after their state was set last.
CREATE OR REPLACE TABLE plan.woken AS
WITH wrote AS (
    SELECT CASE object WHEN 'part' THEN parent_key ELSE source_key END AS source_key, max(confirmed_at_write) AS last
    FROM plan.journal WHERE object = 'part' OR (object = 'conversation' AND operation = 'update')
    GROUP BY ALL
)
SELECT s.source_key
FROM plan.journal s JOIN wrote ON wrote.source_key = s.source_key AND wrote.last > s.confirmed_at_write
WHERE s.object = 'conversation' AND s.operation = 'settle';

-- What holds a whole record back, before anything of it is looked at.
CREATE OR REPLACE TABLE plan.holds AS
WITH contact AS (
    SELECT source_key, verdict FROM plan.judged
    WHERE object = 'contact' AND NOT present AND verdict IN ('failed_before', 'unresolved')
),
company AS (
    SELECT source_key, verdict FROM plan.judged
    WHERE object = 'company' AND NOT present AND verdict IN ('failed_before', 'unresolved')
),
scoped AS (
    SELECT c.* FROM target.conversations c SEMI JOIN plan.scope_conversations s ON s.source_key = c.source_key
),
withheld AS (SELECT source_key FROM target.contacts WHERE withheld),
found AS (
    SELECT 'contact' AS object, source_key, 0 AS rank, 'customer_quarantined' AS reason FROM withheld
    UNION ALL
    SELECT 'conversation', c.source_key, 0, 'customer_quarantined'
    FROM scoped c SEMI JOIN withheld w ON w.source_key = c.contact_key
    UNION ALL
    SELECT 'conversation', p.conversation_key, 0, 'customer_quarantined'
    FROM target.parts p SEMI JOIN withheld w ON p.author_kind = 'contact' AND w.source_key = p.author_key
    UNION ALL
    SELECT 'conversation', source_key, 1, 'agent_not_in_intercom'
    FROM (SELECT source_key, unnest(needs_agents) AS agent_id FROM scoped)
    WHERE agent_id NOT IN (SELECT agent_id FROM plan.admin_ids)
    UNION ALL
    SELECT 'conversation', source_key, 2, 'team_not_in_intercom'
    FROM scoped CROSS JOIN plan.options o
    WHERE o.unmatched <> 'fallback' AND needs_team IS NOT NULL
        AND needs_team NOT IN (SELECT team_id FROM plan.team_ids)
    UNION ALL
    SELECT 'conversation', c.source_key, 3,
        CASE k.verdict WHEN 'unresolved' THEN 'contact_unresolved' ELSE 'contact_failed' END
    FROM scoped c JOIN contact k ON k.source_key = c.contact_key
    UNION ALL
    SELECT 'conversation', p.conversation_key, 3,
        CASE k.verdict WHEN 'unresolved' THEN 'contact_unresolved' ELSE 'contact_failed' END
    FROM target.parts p JOIN contact k ON p.author_kind = 'contact' AND k.source_key = p.author_key
    UNION ALL
    SELECT 'conversation', c.source_key, 4,
        CASE k.verdict WHEN 'unresolved' THEN 'company_unresolved' ELSE 'company_failed' END
    FROM scoped c JOIN company k ON k.source_key = c.company_key
    UNION ALL
    SELECT 'contact_company', l.source_key, 3, 'contact_' || replace(k.verdict, '_before', '')
    FROM target.contact_companies l JOIN contact k ON k.source_key = l.contact_key
    UNION ALL
    SELECT 'contact_company', l.source_key, 4, 'company_' || replace(k.verdict, '_before', '')
    FROM target.contact_companies l JOIN company k ON k.source_key = l.company_key
)
SELECT object, source_key, arg_min(reason, rank) AS reason FROM found GROUP BY ALL;

-- What holds the rest of a record back: a write of it that is unknown, or an earlier one that was refused.
CREATE OR REPLACE TABLE plan.writes AS
WITH record AS (
    SELECT
        record_key,
        bool_or(verdict = 'unresolved') AS unresolved,
        min(step) FILTER (
            verdict = 'failed_before' AND NOT optional AND ((lane = 'append' AND NOT gone) OR (lane = 'create' AND NOT present)))
            AS failed_step
    FROM plan.judged WHERE record_object = 'conversation' GROUP BY ALL
),
failed_tags AS (
    SELECT source_key FROM plan.judged WHERE object = 'tag' AND NOT present AND verdict = 'failed_before'
),
reasoned AS (
    SELECT
        j.*,
        CASE
            WHEN j.verdict <> 'send' THEN NULL
            WHEN h.reason IS NOT NULL THEN h.reason
            WHEN r.unresolved THEN 'another_write_unresolved'
            WHEN j.step > r.failed_step OR (j.step = r.failed_step AND j.optional) THEN 'an_earlier_write_failed'
            WHEN t.source_key IS NOT NULL THEN 'tag_failed'
        END AS held_for
    FROM plan.judged j
    LEFT JOIN record r ON j.record_object = 'conversation' AND r.record_key = j.record_key
    LEFT JOIN plan.holds h ON h.object = j.record_object AND h.source_key = j.record_key
    LEFT JOIN failed_tags t
        ON j.object = 'conversation_tag' AND j.source_key = j.parent_key || '|' || t.source_key
),
-- Parts wake a snoozed or closed conversation, and assigning reopens it: its state is set again, last.
woken AS (
    SELECT record_key FROM reasoned
    WHERE record_object = 'conversation' AND verdict = 'send' AND held_for IS NULL
        AND lane IN ('create', 'append', 'update')
    UNION
    -- The run that sent such parts died before it set the state.
    SELECT source_key FROM plan.woken ANTI JOIN (
        SELECT record_key FROM reasoned WHERE record_object = 'conversation'
            AND (gone OR held_for IS NOT NULL OR verdict = 'unresolved' OR (verdict = 'failed_before' AND NOT optional))
    ) held ON held.record_key = source_key
)
SELECT
    j.object,
    j.source_key,
    j.parent_key,
    CASE
        WHEN j.lane = 'create' AND j.object IN ('contact', 'conversation') AND j.verdict <> 'done'
            AND j.verdict <> 'immutable_changed' AND j.present
            THEN CASE WHEN j.verdict = 'unresolved' THEN j.last_operation ELSE 'update' END
        ELSE j.lane
    END AS operation,
    j.step AS seq,
    j.fingerprint,
    CASE
        WHEN j.held_for IS NOT NULL THEN 'held'
        WHEN j.verdict = 'done' AND j.lane = 'settle' AND w.record_key IS NOT NULL THEN 'send'
        ELSE j.verdict
    END AS verdict,
    CASE
        WHEN j.held_for IS NOT NULL THEN j.held_for
        WHEN j.verdict = 'failed_before' THEN j.error_code
        WHEN j.verdict = 'immutable_changed' AND j.object = 'part' THEN 'the text was changed after it was sent'
        WHEN j.verdict = 'immutable_changed' THEN 'the contact or the beginning was changed after it was sent'
        WHEN j.verdict = 'unresolved' THEN 'it is not known whether Intercom executed it'
    END AS reason,
    j.record_object,
    j.record_key,
    j.present,
    j.changes,
    j.optional
FROM reasoned j
LEFT JOIN woken w ON j.record_object = 'conversation' AND w.record_key = j.record_key;
