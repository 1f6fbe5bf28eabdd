SELECT 'attachments' AS object, a._row AS row, a.attachment_id AS key, 'attachments' AS target_object,
    a.attachment_id AS target_key,
    CASE WHEN l.rule IS NULL THEN 'load' ELSE 'skipped' END AS disposition,
    CASE WHEN l.rule IN ('ticket_skipped', 'message_skipped', 'name_only', 'empty') THEN l.words
         WHEN l.rule IS NOT NULL THEN 'file left out: ' || l.words END AS reason,
    l.skipped_by
FROM clean.attachments a
LEFT JOIN target.left_out l ON l.attachment_id = a.attachment_id
