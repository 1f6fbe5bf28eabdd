-- Each file that was sent, with the part that carries it.
SELECT f.attachment_key AS source_key, f.part_key, t.name, t.content_type, t.size
FROM plan.files f JOIN target.attachments t ON t.source_key = f.attachment_key
WHERE f.sent
