-- What time does the database think it is?
SELECT UNIX_TIMESTAMP()
