-- Which are the last incidents of a period that are asked for? It reads
-- backwards and stops.
SELECT *
FROM (
SELECT *
FROM incident
WHERE
-- include filter.inc
ORDER BY ended DESC, incident_id DESC
LIMIT :limit)
ORDER BY ended, incident_id;
