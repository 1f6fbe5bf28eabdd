-- The files of parts: the journal has them with the part that carries them (verified/fields/applied_writes.sql).
SELECT 'attachment' AS object, f.attachment_key AS source_key, f.part_key AS parent_key,
    p.intercom_id || '/' || f.attachment_key AS intercom_id, FALSE AS adopted, j.reason, FALSE AS extra_refused,
    p.parent_key AS home
FROM plan.files f
JOIN made p ON p.object = 'part' AND p.source_key = f.part_key
JOIN verdicts j ON j.object = 'part' AND j.source_key = f.part_key
WHERE f.sent
