-- What does this entry say?
SELECT incident_id, at, kind, content
FROM entry
WHERE entry_id = :entry_id;
