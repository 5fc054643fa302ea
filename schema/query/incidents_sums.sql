-- What do the incidents that are asked for come to, confirmed and suspected? A
-- row may hold nonsense: hence no sum(), which may overflow.
SELECT confidence = 'confirmed' OR correction = 'confirmed' AS confirmed,
	count(*) AS incidents, count(DISTINCT event_id) AS events,
	CAST(total(tasks) AS INTEGER) AS jobs,
	CAST(total(iif(started > 0, tasks, 0)) AS INTEGER) AS ran,
	CAST(total(cpu_seconds) AS INTEGER) AS cpu_seconds,
	CAST(total(gpu_seconds) AS INTEGER) AS gpu_seconds,
	sum(restored_at > 0 AND restored_state <> 'cancelled again')
		AS restored,
	sum(restored_at > 0 AND restored_state = 'cancelled again') AS again,
	sum(acknowledged_at > 0) AS acknowledged,
	sum(restored_at = 0 AND acknowledged_at = 0) AS open
FROM incident
WHERE
-- include filter.inc
GROUP BY confirmed;
