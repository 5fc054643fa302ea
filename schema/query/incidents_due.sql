-- Which incidents of a section are to be restored without being asked for?
-- Those that are proven and recent, that nobody has dealt with, and that were
-- not left alone for a reason.
SELECT incident_id
FROM incident
WHERE section = :section
	AND ended >= :since
	AND detected >= :since
	AND detected <= :until
	AND (confidence = 'confirmed' OR correction = 'confirmed')
	AND correction NOT IN ('cleared', 'alive')
	AND exempt = ''
	AND acknowledged_at = 0
	AND restored_at = 0
	AND restoration = ''
	AND NOT EXISTS (
		SELECT 1
		FROM entry
		WHERE entry.incident_id = incident.incident_id
			AND entry.kind IN ('restoring', 'withheld'))
ORDER BY ended, incident_id
LIMIT 100;
