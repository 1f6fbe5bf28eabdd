-- Who is no admin of Intercom; a SELECT of plan.reconciliation_queue.
SELECT
    'agent' AS kind, t.source_key, t.name, t.email AS email_or_path, t.tickets,
    CASE
        WHEN NOT t.known THEN 'the agents file does not name this agent'
        WHEN t.email IS NULL THEN 'no e-mail address'
        ELSE 'no admin with this e-mail address in Intercom'
    END || CASE WHEN o.unmatched = 'fallback' THEN '; the fallback admin stands in' ELSE '' END AS reason
FROM target.admins t CROSS JOIN plan.options o
WHERE t.source_key NOT IN (SELECT agent_id FROM plan.admin_ids WHERE via = 'email')
