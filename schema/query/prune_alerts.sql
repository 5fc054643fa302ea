-- Forget what people were told of incidents that are pruned: what failed there
-- may name a job.
DELETE FROM alert
WHERE event_id IN (
	SELECT event_id
	FROM incident
	WHERE ended < :before);
