SELECT 'articles' AS object, _row AS row, article_id AS key, 'toys' AS target_object, title AS target_key,
    'load' AS disposition, NULL AS reason
FROM clean.articles
