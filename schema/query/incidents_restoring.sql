-- How many incidents of this cluster is somebody bringing back, and how many
-- jobs that are back are followed?
SELECT (
		SELECT count(*)
		FROM incident INDEXED BY incident_restoring
		WHERE cluster = :cluster
			AND restoration <> ''
			AND restored_at = 0
	), (
		SELECT count(*)
		FROM incident INDEXED BY incident_followed
		WHERE cluster = :cluster
			AND restored_at > 0
			AND restored_ended = 0
	);
