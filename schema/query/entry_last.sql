-- Where does the chain end?
SELECT entry_id, hash
FROM entry
ORDER BY entry_id DESC
LIMIT 1;
