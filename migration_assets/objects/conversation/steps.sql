-- What is to be sent of the conversations of page_keys(record_key, position), in the order of sending.
SELECT
    w.record_key, w.object, w.source_key, w.parent_key, w.operation, w.fingerprint, w.optional, w.changes,
    tag.intercom_id AS tag_id
FROM page_keys q
JOIN plan.writes w ON w.record_object = 'conversation' AND w.record_key = q.record_key AND w.verdict = 'send'
LEFT JOIN plan.ids tag ON w.object = 'conversation_tag' AND tag.object = 'tag'
    -- A tag's place in a conversation is known by the conversation's key and its own, with a bar between them.
    AND tag.source_key = substr(w.source_key, len(w.record_key) + 2)
ORDER BY q.position, w.seq, w.optional, w.source_key;
