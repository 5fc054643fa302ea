-- Which channels have something to tell now?
SELECT DISTINCT channel
FROM alert INDEXED BY alert_pending
WHERE
-- include alert_due.inc
;
