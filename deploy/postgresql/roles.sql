-- The three roles and the database, once, as a superuser on the primary:
--   psql -v portal=PASSWORD -v portal_public=PASSWORD -v portal_replica=PASSWORD -f roles.sql
-- portal owns the tables, portal_public reads what `manage.py grant_public portal_public` lets it read, and
-- portal_replica copies. Roles and rights reach every replica by themselves.
\set ON_ERROR_STOP on
CREATE ROLE portal LOGIN PASSWORD :'portal';
CREATE ROLE portal_public LOGIN PASSWORD :'portal_public' CONNECTION LIMIT 80;
CREATE ROLE portal_replica LOGIN REPLICATION PASSWORD :'portal_replica' CONNECTION LIMIT 5;
ALTER ROLE portal_public SET default_transaction_read_only = on;
CREATE DATABASE portal OWNER portal ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_public;
-- One for each replica; it keeps the log that the replica has not read yet.
SELECT pg_create_physical_replication_slot('portal_replica');
