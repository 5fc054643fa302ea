-- What does the chain say, entry after entry, and what is there of the
-- incidents that it begins? The first columns of an incident are those of
-- incident_recorded.sql, the others those of incident_now.sql but for the
-- script.
SELECT entry.entry_id, entry.incident_id, entry.at, entry.kind, entry.content,
	entry.salt, entry.content_sha256, entry.hash,
	incident.incident_id AS incident_id, event_id, cluster, job_id,
	job_db_inx, id_job, root_id, part, user, uid, account, partition,
	section, qos, job_name, incident.kind AS kind, confidence, phase, tasks,
	submitted, started, ended, detected, elapsed_s, cpu_seconds,
	gpu_seconds, state, reason, causes, exempt, found, late, script_sha256,
	job,
	correction, correction_why, corrected_at, restoration, restored_job_id,
	restored_at, restored_id_job, restored_submitted, restored_state,
	restored_started, restored_ended, acknowledged_by, acknowledged_at,
	acknowledged_why
FROM entry
LEFT JOIN incident ON incident.incident_id =
	CASE entry.kind WHEN 'incident' THEN entry.incident_id END
ORDER BY entry.entry_id;
