-- How many incidents are there?
SELECT count(*)
FROM incident;
