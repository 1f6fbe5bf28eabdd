-- Messages that say nothing: no visible character, no picture, no attachment. What ITCO itself notes needs no text.
-- In: raw.messages, raw.attachments, the parameter: the folded words for kinds of message without a text.
WITH empty AS (
    SELECT _file, _line, message_id FROM raw.messages
    WHERE CASE
        WHEN body IS NULL THEN true
        -- Nearly all have a word at their start or right behind a tag, which is found at once.
        WHEN regexp_matches(body, '^\s*[A-Za-z0-9]|>[^<&]*[A-Za-z0-9]') THEN false
        ELSE NOT (
            regexp_matches(body, '<(?i:img|video|audio|object|embed)\b')
            OR regexp_matches(
                regexp_replace(regexp_replace(body, '<[^<>]*>', '', 'g'), '&(nbsp|#160|#xA0|zwnj|#8203);', '', 'gi'),
                '[^\s\x{00a0}\x{00ad}\x{200b}-\x{200f}\x{feff}]'
            )
        )
    END
    AND NOT coalesce(list_contains(?, lower(trim(kind))), false)
)
SELECT 'body' AS "column", message_id AS key, _file AS file, _line AS line
FROM empty e
WHERE NOT EXISTS (FROM raw.attachments a WHERE trim(a.message_id) = trim(e.message_id))
