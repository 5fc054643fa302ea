-- Which incidents of an event are asked for? By what they have in common
-- (event_find.sql), which an index has. In no order: a great event would be
-- sorted with all its rows.
SELECT *
FROM incident
WHERE cluster = :cluster
	AND root_id = :root_id
	AND uid = :uid
	AND event_id = :event_id
	AND
-- include filter.inc
;
