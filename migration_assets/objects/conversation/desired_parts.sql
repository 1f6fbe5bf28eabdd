-- The parts of the conversations in scope, in their order. Who is really written as the author is part of the fingerprint.
SELECT
    'part' AS object, p.source_key, p.conversation_key AS parent_key, 'append' AS operation, p.seq AS step,
    CASE WHEN a.via = 'fallback' THEN sha256(p.fingerprint || '|fallback') ELSE p.fingerprint END AS fingerprint,
    'conversation' AS record_object, p.conversation_key AS record_key
FROM target.parts p
SEMI JOIN (FROM plan.scope WHERE object = 'conversation') s ON s.source_key = p.conversation_key
LEFT JOIN plan.admin_ids a ON p.author_kind = 'admin' AND a.agent_id = p.author_key
