-- How do the channels do?
SELECT channel, sum(state = 'pending'),
	coalesce(min(at) FILTER (WHERE state = 'pending'), 0),
	sum(state = 'delivered'), sum(state = 'given-up'),
	coalesce(max(tried_at) FILTER (WHERE state = 'delivered'), 0),
	coalesce(max(tried_at) FILTER (WHERE state = 'given-up'), 0)
FROM alert
GROUP BY channel
ORDER BY channel;
