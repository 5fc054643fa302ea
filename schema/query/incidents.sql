-- Which incidents of a period are asked for?
SELECT *
FROM incident
WHERE
-- include filter.inc
ORDER BY ended, incident_id;
