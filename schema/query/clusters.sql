-- Which clusters were ever watched?
SELECT name
FROM cluster
ORDER BY name;
