"""Guessing at the login: slowed before anything is hashed, and no stranger shuts another's account."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from portal.accounts import throttle
from tests.editing import PASSWORD, words

pytestmark = pytest.mark.django_db

TOO_MANY = "Too many tries"


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is set on."""

    class Clock:
        now = 1000.0

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(throttle, "monotonic", clock)
    return clock


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that were hashed, one entry each."""
    passwords = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: passwords.append(password) or encode(self, password, salt),
    )
    return passwords


WRONG = "not the password"


def try_login(client, name, password=WRONG, address="203.0.113.7"):
    return client.post(reverse("admin:login"), {"username": name, "password": password}, REMOTE_ADDR=address)


def log_out(client):
    """Log out as a person does; Django's own way would forget every cookie."""
    client.post(reverse("admin:logout"))


def addresses(n):
    return (f"198.51.{number // 250}.{number % 250}" for number in range(n))


def test_an_address_tries_ten_names_and_then_waits_unhashed(client, hashed, clock):
    answers = [try_login(client, f"nobody-{n}") for n in range(40)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 30
    assert len(hashed) == 10
    assert TOO_MANY in words(answers[-1])
    assert answers[-1]["Retry-After"] == "60"
    assert try_login(client, "nobody", address="203.0.113.8").status_code == 200
    clock.now += 6
    assert [try_login(client, "nobody").status_code for _n in range(2)] == [200, 429]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::"),
        ("", None),
        ("unix:", None),
    ],
)
def test_a_client_is_known_by_the_network_that_it_has(rf, address, counted):
    assert throttle.address_of(rf.get("/", REMOTE_ADDR=address)) == counted


def test_strangers_together_cost_no_more_than_so_many_passwords_a_minute(client, hashed, clock):
    for n, address in enumerate(addresses(100)):
        try_login(client, f"nobody-{n}", address=address)
    assert len(hashed) == 30


def test_many_passwords_at_once_are_hashed_one_after_the_other(client, editor, monkeypatch):
    monkeypatch.setattr(throttle, "PATIENCE", 0)
    with throttle.hashing:
        assert "Others are logging in just now." in words(try_login(client, "editor", PASSWORD))
    assert try_login(client, "editor", PASSWORD).status_code == 302


def test_the_owner_logs_in_while_many_addresses_guess(editor, clock):
    """The stranger shares nothing with the owner but the name of the account."""
    owner = Client()
    assert try_login(owner, "editor", PASSWORD, "192.0.2.1").status_code == 302
    log_out(owner)

    stranger = Client()
    answers = [try_login(stranger, "editor", address=address).status_code for address in addresses(60)]
    # The owner's was one of the thirty.
    assert answers == [200] * 29 + [429] * 31
    clock.now += 60
    # The account is slowed for the browsers that it does not know, others' accounts are not.
    assert try_login(stranger, "editor", address="203.0.113.9").status_code == 429
    assert try_login(stranger, "nobody", address="203.0.113.9").status_code == 200
    assert try_login(owner, "editor", PASSWORD, "192.0.2.77").status_code == 302


def test_an_account_is_one_however_its_name_is_written(editor, hashed, clock):
    written = ["editor", " editor", "editor\u3000", "\uff45ditor"]  # the last with a wide letter
    for n, address in enumerate(addresses(30)):
        assert try_login(Client(), written[n % len(written)], address=address).status_code == 200
    assert len(hashed) == 30
    clock.now += 60  # strangers may try again, but not this account
    for name in written:
        assert try_login(Client(), name, address="203.0.113.9").status_code == 429
    assert len(hashed) == 30


def test_what_is_no_name_is_not_remembered(clock):
    assert try_login(Client(), "x" * 60_000).status_code == 200
    assert list(throttle.BY_ACCOUNT.used) == [""]


def test_one_stranger_leaves_other_browsers_of_the_account_their_tries(editor, clock):
    stranger, new = Client(), Client()
    for _minute in range(12):
        for _n in range(10):
            try_login(stranger, "editor")
        clock.now += 60
    assert try_login(stranger, "editor", PASSWORD).status_code == 429
    assert try_login(new, "editor", PASSWORD, "192.0.2.1").status_code == 302


def test_a_neighbour_behind_the_same_address_locks_a_known_browser_not_out(editor):
    owner, neighbour = Client(), Client()
    try_login(owner, "editor", PASSWORD)
    log_out(owner)
    for _n in range(12):
        try_login(neighbour, "editor")
    assert try_login(neighbour, "editor", PASSWORD).status_code == 429
    assert try_login(owner, "editor", PASSWORD).status_code == 302


def test_a_known_browser_may_not_guess_on_either(editor, clock):
    client = Client()
    assert try_login(client, "editor", PASSWORD).status_code == 302
    log_out(client)
    answers = [try_login(client, "editor", address=address).status_code for address in addresses(12)]
    assert answers == [200] * 10 + [429] * 2


@pytest.mark.parametrize("cookie", ["editor x", "editor x:1:2", "", " ", "editor", "editor \u00e9"])
def test_a_cookie_that_is_not_ours_makes_no_known_browser(rf, cookie):
    request = rf.get("/")
    request.COOKIES[throttle.COOKIE] = cookie
    assert throttle.known_browser(request, "editor") is None


def test_a_browser_is_known_to_its_own_account_alone(editor):
    client = Client()
    try_login(client, "editor", PASSWORD)
    cookie = client.cookies[throttle.COOKIE]
    assert cookie["httponly"] and (cookie["samesite"], cookie["path"]) == ("Lax", "/admin/")
    log_out(client)
    User.objects.create_superuser("admin", password=PASSWORD)
    answers = [try_login(client, "admin").status_code for _n in range(6)]
    assert answers == [200] * 4 + [429] * 2


def test_a_lock_ends_an_hour_after_the_last_try_that_counted(editor):
    """Further tries neither draw it out nor make the record longer."""
    client = Client()
    for _n in range(5):
        try_login(client, "editor")
    locked = AccessAttempt.objects.get()
    for _n in range(4):
        try_login(client, "editor")
    again = AccessAttempt.objects.get()
    assert (again.attempt_time, again.post_data) == (locked.attempt_time, locked.post_data)
    assert WRONG not in again.post_data


def test_a_flood_of_names_takes_bounded_memory():
    rate = throttle.Rate(10, 60)
    for n in range(throttle.MAX_KEYS + 100):
        rate.take(n)
    assert len(rate.used) == throttle.MAX_KEYS
