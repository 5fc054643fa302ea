-- Which steps of these jobs were killed, by whom, and when did they end? On
-- 20.11 nobody is -1.
SELECT job_db_inx, kill_requid, time_end
FROM {step_table} FORCE INDEX (PRIMARY)
WHERE job_db_inx IN ({ids}) AND kill_requid >= 0 ORDER BY job_db_inx
