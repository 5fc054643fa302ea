-- What may this account do?
SHOW GRANTS
