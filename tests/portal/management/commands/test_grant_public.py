"""A role that may read the public tables can show every page, and can write and see nothing else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from clusters.models import MiniCluster
from portal.management.commands.grant_public import readable
from tests.reading import PAGES

pytestmark = pytest.mark.django_db
postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite knows no roles")


@pytest.fixture
def reader():
    """The session as a role that was granted what the command grants; made and gone with the test."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_reader")
        call_command("grant_public", "portal_reader", stdout=StringIO())
        cursor.execute("SET LOCAL ROLE portal_reader")
        yield cursor


@postgres
def test_every_page_can_be_shown(reader, client):
    for address in (*PAGES, "/clusters.csv", "/map/data.json", "/clusters/2016-gumi-mobile/"):
        assert client.get(address).status_code == 200, address


@postgres
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE clusters_minicluster SET name = 'x'",
        "DELETE FROM complexes_hub",
        "INSERT INTO portal_document DEFAULT VALUES",
        "UPDATE portal_dataversion SET token = 'x'",
        "TRUNCATE complexes_hub CASCADE",
        "CREATE TABLE mine (id int)",
        "SELECT * FROM auth_user",
        "SELECT * FROM django_session",
        "SELECT * FROM django_admin_log",
        "SELECT * FROM clusters_historicalminicluster",
        "SELECT nextval('clusters_minicluster_id_seq')",
    ],
)
def test_nothing_can_be_written_and_nothing_else_read(reader, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        reader.execute(statement)


@postgres
def test_what_is_not_public_is_not_granted():
    assert len(readable()) > 30
    for table in readable():
        assert not table.startswith(("auth_", "axes_", "django_session", "django_admin")), table
        assert "historical" not in table


@postgres
def test_a_role_that_cannot_be_bound_is_refused():
    with pytest.raises(CommandError, match=r"There is no role nobody_here\. Make it: CREATE ROLE"):
        call_command("grant_public", "nobody_here")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        superuser = cursor.fetchone()[0]
    with pytest.raises(CommandError, match="is a superuser"):
        call_command("grant_public", superuser)


@postgres
@pytest.mark.parametrize("is_bound", [True, False])
def test_the_owner_of_the_tables_grants_to_a_role_that_is_read_only_already(is_bound):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_reader")
        if is_bound:
            cursor.execute("ALTER ROLE portal_reader SET default_transaction_read_only = on")
        cursor.execute("CREATE ROLE portal_owner")
        cursor.execute("GRANT CREATE ON SCHEMA public TO portal_owner")
        cursor.execute("ALTER SCHEMA public OWNER TO portal_owner")
        for table in connection.introspection.table_names():
            cursor.execute(f"ALTER TABLE {table} OWNER TO portal_owner")
        cursor.execute("SET LOCAL ROLE portal_owner")
        if is_bound:
            call_command("grant_public", "portal_reader", stdout=StringIO())
            cursor.execute("SELECT has_table_privilege('portal_reader', 'complexes_hub', 'SELECT')")
            assert cursor.fetchone()[0]
        else:
            with pytest.raises(CommandError, match="as a superuser: ALTER ROLE"), transaction.atomic():
                call_command("grant_public", "portal_reader")


@postgres
def test_a_name_is_no_statement():
    out = StringIO()
    call_command("grant_public", 'x"; DROP TABLE a; --', dry_run=True, stdout=out)
    assert 'TO "x""; DROP TABLE a; --"' in out.getvalue()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has roles")
def test_where_there_are_no_roles_it_says_so():
    with pytest.raises(CommandError, match="SQLite knows no roles"):
        call_command("grant_public", "reader")
    assert MiniCluster.objects.exists()
