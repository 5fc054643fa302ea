-- How many incidents are asked for?
SELECT count(*),
	count(*) FILTER (WHERE confidence = 'suspected' AND correction = ''),
	count(*) FILTER (WHERE correction IN ('cleared', 'alive')),
	count(DISTINCT user), count(DISTINCT event_id)
FROM incident
WHERE
-- include filter.inc
;
