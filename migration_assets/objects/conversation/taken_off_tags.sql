-- Tags that conversations in scope may wear and are not to wear any more.
SELECT a.*, 2000000 AS step FROM put_on a
SEMI JOIN (FROM plan.scope WHERE object = 'conversation') s ON s.source_key = a.parent_key
ANTI JOIN plan.conversation_tags t ON t.source_key = a.source_key
WHERE a.object = 'conversation_tag'
