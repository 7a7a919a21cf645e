import contextlib
import io

from caresim.cli.narration import Narrator


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self):
        return True


@contextlib.contextmanager
def in_terminal(*, quiet=False):
    """Give a narrator who speaks to a terminal, and the terminal."""
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal):
        yield Narrator(quiet), terminal


def test_a_terminal_shows_a_bar_that_goes_away():
    with in_terminal() as (narrator, terminal):
        narrator.progress(0.5)
        narrator.progress(1.0)
        assert "[###############               ]  50%" in terminal.getvalue()
        narrator.say("done")
        assert terminal.getvalue().endswith("\rdone\n")


def test_a_bar_is_not_drawn_more_often_than_can_be_seen():
    with in_terminal() as (narrator, terminal):
        for step in range(1000):
            narrator.progress(step / 1000)
        assert 1 <= terminal.getvalue().count("%") < 10


def test_quiet_says_nothing():
    with in_terminal(quiet=True) as (narrator, terminal):
        narrator.progress(0.5)
        narrator.say("anything")
        assert terminal.getvalue() == ""


def test_a_file_gets_no_bar(capsys):
    narrator = Narrator(quiet=False)
    narrator.progress(0.5)
    narrator.say("a line")
    assert capsys.readouterr().err == "a line\n"
