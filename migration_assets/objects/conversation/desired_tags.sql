-- The tags of the conversations in scope: put on after all parts are written.
SELECT
    'conversation_tag' AS object, t.source_key, t.conversation_key AS parent_key, 'attach' AS operation,
    2000000 AS step, sha256(t.tag_key) AS fingerprint,
    'conversation' AS record_object, t.conversation_key AS record_key
FROM plan.conversation_tags t
SEMI JOIN (FROM plan.scope WHERE object = 'conversation') s ON s.source_key = t.conversation_key
