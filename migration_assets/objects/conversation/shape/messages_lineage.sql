SELECT 'messages' AS object, m._row AS row, m.message_id AS key,
    CASE WHEN h.opener THEN 'conversations' ELSE 'parts' END AS target_object,
    CASE WHEN h.opener THEN m.ticket_id ELSE m.message_id END AS target_key,
    CASE WHEN k.rule IS NULL AND j.rule IS NULL THEN 'load' ELSE 'skipped' END AS disposition,
    CASE WHEN k.rule IS NOT NULL THEN 'rule ' || k.rule
         WHEN j.rule IS NOT NULL THEN 'ticket skipped by rule ' || j.rule
         WHEN h.opener THEN 'the opening message is the ticket''s description' END AS reason,
    coalesce(k.rule, j.rule) AS skipped_by
FROM clean.messages m
LEFT JOIN target.thread h ON h.message_id = m.message_id
LEFT JOIN target.skipped k ON k.object = 'messages' AND k."key" = m.message_id
LEFT JOIN target.skipped j ON j.object = 'tickets' AND j."key" = m.ticket_id
