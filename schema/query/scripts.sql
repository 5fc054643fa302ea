-- Which scripts belong to incidents?
SELECT DISTINCT script_sha256
FROM incident
WHERE script_sha256 <> ''
ORDER BY script_sha256;
