-- What does the chain begin with?
SELECT content
FROM entry
WHERE entry_id = 1;
