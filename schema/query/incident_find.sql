-- Is this incident known?
SELECT incident_id, event_id
FROM incident
WHERE cluster = :cluster
	AND id_job = :id_job
	AND submitted = :submitted
	AND kind = :kind
	AND part = :part;
