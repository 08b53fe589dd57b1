"""Options and isolation for every test."""

import pickle
from functools import wraps

import pytest
from _pytest.runner import runtestprotocol

from assistant.intent import learnt, ngram


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden event logs anew")
    parser.addoption("--update-spoken", action="store_true", help="record the speech that has no recording yet")


def pytest_configure(config):
    if config.getoption("--update-spoken"):
        from tests.recordings import RECORDINGS

        RECORDINGS.updating = True


@pytest.fixture
def update_golden(request):
    return request.config.getoption("--update-golden")


def remembering(function):
    """A pure function that gives what it gave before for equal arguments."""
    given = {}

    @wraps(function)
    def remembered(*args, **options):
        key = pickle.dumps((args, options))
        if key not in given:
            given[key] = function(*args, **options)
        return given[key]

    return remembered


@pytest.fixture(autouse=True, scope="session")
def models_are_counted_once():
    """Most sessions of the tests listen for the same skills, and counting a language model is most of opening one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("expected_counts", "estimate"):
            patch.setattr(ngram, name, remembering(getattr(ngram, name)))
        yield


@pytest.fixture(autouse=True, scope="session")
def paraphrases_are_learnt_once(tmp_path_factory):
    """Most sessions of the tests have the same skills, and learning their sentences takes seconds."""
    folder = tmp_path_factory.getbasetemp() / "paraphrases"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learnt, "folder", lambda: folder)
        yield


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Nobody's real settings, timers or models take part in a test."""
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "xdg" / name.lower()))


def pytest_runtest_protocol(item, nextitem):
    """Give a test marked ``varies`` up to three tries: replies are still spoken live."""
    if item.get_closest_marker("varies") is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = []
    for _ in range(3):
        item._initrequest()
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if not any(report.failed for report in reports):
            break
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
