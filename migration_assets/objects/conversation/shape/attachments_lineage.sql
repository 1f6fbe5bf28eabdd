-- `code` tells what cannot be used from what is left out on purpose (accounting/codes.py).
SELECT 'attachments' AS object, a._row AS row, a.attachment_id AS key, 'attachments' AS target_object,
    a.attachment_id AS target_key,
    CASE WHEN l.rule IS NULL THEN 'load' ELSE 'skipped' END AS disposition,
    CASE WHEN l.rule NOT IN ('ticket_skipped', 'message_skipped', 'name_only', 'empty') THEN 'file_left_out' END AS code,
    CASE WHEN code IS NOT NULL THEN 'file left out: ' || l.words ELSE l.words END AS reason
FROM clean.attachments a
LEFT JOIN target.left_out l ON l.attachment_id = a.attachment_id
