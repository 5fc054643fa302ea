-- Which version does the chain say that the store has?
SELECT content
FROM entry
WHERE kind IN ('began', 'migration')
ORDER BY entry_id DESC
LIMIT 1;
