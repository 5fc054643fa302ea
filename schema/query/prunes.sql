-- What was pruned, and when?
SELECT at, content
FROM entry INDEXED BY entry_pruned
WHERE kind = 'pruned'
ORDER BY entry_id;
