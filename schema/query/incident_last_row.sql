-- What did the incident's row say when it was last looked at?
SELECT COALESCE(
	(SELECT content
	FROM entry
	WHERE incident_id = :incident_id
		AND kind = 'changed'
	ORDER BY entry_id DESC
	LIMIT 1),
	(SELECT job
	FROM incident
	WHERE incident_id = :incident_id));
