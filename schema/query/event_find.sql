-- Which event does this incident belong to? One scancel of an array takes
-- slurmctld more than an instant, so neighbouring seconds join.
SELECT event_id
FROM incident
WHERE cluster = :cluster
	AND root_id = :root_id
	AND uid = :uid
	AND ended BETWEEN :ended - 1 AND :ended + 1
ORDER BY ended, incident_id
LIMIT 1;
