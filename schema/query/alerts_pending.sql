-- How many alerts has each channel still to tell, and since when? And how many were
-- given up?
SELECT channel, count(*), min(at), 0
FROM alert INDEXED BY alert_pending
WHERE state = 'pending'
GROUP BY channel
UNION ALL
SELECT channel, 0, 0, count(*)
FROM alert INDEXED BY alert_given_up
WHERE state = 'given-up'
GROUP BY channel;
