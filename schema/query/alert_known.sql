-- Was, or will, a channel be told this of an event?
SELECT 1
FROM alert
WHERE channel = :channel
	AND event_id = :event_id
	AND what = :what
LIMIT 1;
