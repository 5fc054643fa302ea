-- What became known of the incident since it was recorded? The kinds that are
-- left out say only what was recorded.
SELECT at, kind, content
FROM entry
WHERE incident_id = :incident_id
	AND kind NOT IN ('incident', 'adopted')
ORDER BY entry_id;
