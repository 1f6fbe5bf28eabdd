-- The tags that each conversation is to wear. In: target.conversations, target.tags. Out: plan.conversation_tags.
-- A tag's place in a conversation is known by the conversation's key and its own, with a bar between them.
CREATE OR REPLACE TABLE plan.conversation_tags AS
SELECT c.source_key AS conversation_key, t.name, coalesce(exact.source_key, folded.source_key) AS tag_key,
    c.source_key || '|' || coalesce(exact.source_key, folded.source_key) AS source_key
FROM target.conversations c
CROSS JOIN unnest(list_distinct(c.tags)) AS t(name)
LEFT JOIN target.tags exact ON exact.name = t.name
LEFT JOIN target.tags folded ON folded.source_key = lower(regexp_replace(trim(t.name), '\s+', ' ', 'g'));
