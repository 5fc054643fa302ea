-- Which clusters does slurmdbd keep?
SELECT name FROM cluster_table WHERE deleted = 0
