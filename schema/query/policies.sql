-- What was in force, from when on?
SELECT content
FROM entry INDEXED BY entry_policy
WHERE kind = 'policy'
ORDER BY entry_id;
