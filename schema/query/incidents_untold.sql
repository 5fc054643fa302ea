-- Which incidents does no entry begin?
SELECT incident_id
FROM incident
WHERE NOT EXISTS (
	SELECT 1
	FROM entry
	WHERE entry.incident_id = incident.incident_id
		AND entry.kind = 'incident')
ORDER BY incident_id;
