"""What is published: the database of the site, the tables as files, the gates before both."""
