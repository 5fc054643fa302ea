-- What is the store made of? Statistics are SQLite's, whoever asks for them. It
-- goes by the text of what it makes, whatever type and name say.
SELECT type, name, tbl_name, sql
FROM sqlite_master
WHERE sql IS NULL
	OR sql NOT LIKE 'CREATE TABLE sqlite_stat_(%'
ORDER BY type, name;
