SELECT 'tickets' AS object, t._row AS row, t.ticket_id AS key, 'conversations' AS target_object,
    t.ticket_id AS target_key, CASE WHEN k.rule IS NULL THEN 'load' ELSE 'skipped' END AS disposition,
    'rule ' || k.rule AS reason, k.rule AS skipped_by
FROM clean.tickets t
LEFT JOIN target.skipped k ON k.object = 'tickets' AND k."key" = t.ticket_id
