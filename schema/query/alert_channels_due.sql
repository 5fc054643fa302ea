-- Which channels have something to tell now?
SELECT DISTINCT channel
FROM alert INDEXED BY alert_pending
WHERE state = 'pending'
	AND next <= :now;
