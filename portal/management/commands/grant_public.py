"""Let a role of PostgreSQL read what public pages show, and nothing else."""

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg2.extensions import quote_ident

from portal.apps import public_models
from portal.base.version import tables
from portal.models import DataVersion

READ_ONLY = "default_transaction_read_only"


class Command(BaseCommand):
    help = "Let a role of PostgreSQL read the tables of the public pages, and nothing else. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("role")
        parser.add_argument("--dry-run", action="store_true", help="write the statements, and do nothing")

    def handle(self, *args, role, dry_run, **options):
        if connection.vendor != "postgresql":
            raise CommandError(
                "SQLite knows no roles: the public side opens its file read-only, and needs no grant."
            )
        statements = statements_for(role)
        if dry_run:
            self.stdout.write(";\n".join(statements) + ";")
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolconfig FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if not found:
                raise CommandError(
                    f"There is no role {role}. Make it: CREATE ROLE {quoted(role)} LOGIN PASSWORD '…';"
                )
            if found[0]:
                raise CommandError(f"{role} is a superuser, who may write whatever is granted. Take another.")
            *grants, bind = statements
            for statement in grants:
                cursor.execute(statement)
            # The owner of the tables may grant, but not alter another role.
            if f"{READ_ONLY}=on" not in (found[1] or ()):
                try:
                    cursor.execute(bind)
                except ProgrammingError as error:
                    raise CommandError(f"Nothing was granted. Once, as a superuser: {bind};") from error
        self.stdout.write(f"{role} may read {len(readable())} tables, and write none.")


def readable():
    """Return the tables that the public side reads; Django's own tells it whether all migrations are done."""
    named = {*tables([*public_models(), DataVersion]), MigrationRecorder.Migration._meta.db_table}
    return sorted(named & set(connection.introspection.table_names()))


def quoted(name):
    """Return a name as SQL has it; Django's own quoting trusts what stands in it."""
    connection.ensure_connection()
    return quote_ident(name, connection.connection)


def statements_for(role):
    """Return the statements that give a role SELECT on the public tables and take all else from it."""
    name = quoted(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = quoted(cursor.fetchone()[0])
    names = ", ".join(f"{schema}.{quoted(table)}" for table in readable())
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {name}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM {name}",
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT SELECT ON {names} TO {name}",
        f"ALTER ROLE {name} SET {READ_ONLY} = on",
    ]
