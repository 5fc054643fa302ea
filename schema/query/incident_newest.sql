-- Which is the highest number of an incident?
SELECT ifnull(max(incident_id), 0)
FROM incident;
