-- Which team Intercom lacks, or has several of; a SELECT of plan.reconciliation_queue.
SELECT
    'team' AS kind, t.source_key, t.name, t.path AS email_or_path, t.tickets,
    CASE
        WHEN (SELECT count(*) FROM observed.teams i
            WHERE lower(regexp_replace(trim(i.name), '\s+', ' ', 'g'))
                = lower(regexp_replace(trim(t.name), '\s+', ' ', 'g'))) > 1
            THEN 'several teams with this name in Intercom'
        ELSE 'no team with this name in Intercom'
    END || CASE WHEN o.unmatched = 'fallback' THEN '; its tickets go without a team' ELSE '' END AS reason
FROM target.teams t CROSS JOIN plan.options o
WHERE t.source_key NOT IN (SELECT team_id FROM plan.team_ids)
