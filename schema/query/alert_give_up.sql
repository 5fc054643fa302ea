-- Alerts of channels that there are no more are given up.
UPDATE alert
SET state = 'given-up', trouble = 'there is no such channel any more'
WHERE state = 'pending'
	AND at < :before
	AND channel NOT IN (SELECT value FROM json_each(:channels));
