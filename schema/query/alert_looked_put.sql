-- The chain was looked at to its end for what people are to be told.
UPDATE alert_looked
SET entry_id = (SELECT coalesce(max(entry_id), 0) FROM entry)
WHERE alert_looked_id = 1
	AND entry_id <> (SELECT coalesce(max(entry_id), 0) FROM entry);
