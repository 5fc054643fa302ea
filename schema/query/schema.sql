-- What is the store made of? Statistics are SQLite's, whoever asks for them.
SELECT type, name, tbl_name, sql
FROM sqlite_master
WHERE name NOT LIKE 'sqlite_stat_'
ORDER BY type, name;
