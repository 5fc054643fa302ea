-- What failed last of what a channel is still to tell?
SELECT trouble
FROM alert
WHERE channel = :channel
	AND state = 'pending'
	AND trouble <> ''
ORDER BY tried_at DESC
LIMIT 1;
