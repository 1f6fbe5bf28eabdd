"""The benchmark of the inbox runs, at a small size."""

from embedded_intercom import benchmark


def test_every_page_is_measured_over_what_it_fills(monkeypatch, capsys):
    monkeypatch.setattr(benchmark, "ROUNDS", 1)
    monkeypatch.setattr(benchmark, "LONG", 30)
    benchmark.main(40)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("40 conversations written in ")
    pages = {line[:32].strip(): line[32:].split() for line in printed[2:]}
    assert {"list, first page", "thread, 5 parts", "thread, 30 parts", "search, number"} < set(pages)
    assert all(len(figures) == 3 and float(figures[0]) > 0 for figures in pages.values())
    assert float(pages["thread, 30 parts"][2]) > float(pages["thread, 5 parts"][2]), "the longer thread is larger"
