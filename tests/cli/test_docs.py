"""Every command and every piece of Python in the guides is run, in the order of the page."""

import importlib.util
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = sorted([*ROOT.glob("docs/tutorial/*.md"), *ROOT.glob("docs/how-to/*.md")])

_BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[a-z ]+)(?:: (?P<value>[^\n]+?))? -->\n)?"
    r"```(?P<kind>\w+)\n(?P<text>.*?)^```",
    re.DOTALL | re.MULTILINE,
)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)(#[^)]*)?\)")


@dataclass(frozen=True)
class Block:
    """A block of code of a page, with the mark before it."""

    kind: str
    text: str
    mark: str
    value: str


def blocks(text):
    return [
        Block(b["kind"], b["text"], b["mark"] or "", b["value"] or "")
        for b in _BLOCK.finditer(text)
    ]


def commands(block):
    """Return the arguments of every line that begins with caresim."""
    lines = [line.split("  #")[0] for line in block.text.splitlines() if line.strip()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("caresim ")]


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_everything_in_a_guide_works(page, caresim, tmp_path, monkeypatch, quick):
    monkeypatch.chdir(tmp_path)
    names = {}
    ran = 0
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.mark == "file":
            (tmp_path / block.value).write_text(block.text, encoding="utf-8")
        elif block.kind == "sh":
            expected = int(block.value) if block.mark == "exit code" else 0
            for arguments in commands(block):
                said = caresim(*arguments)
                assert said.code == expected, f"caresim {arguments}\n{said.out}{said.err}"
                ran += 1
        elif block.kind == "python":
            exec(compile(block.text, str(page), "exec"), names)
            ran += 1
        else:
            pytest.fail(f"a block of kind {block.kind} that nothing runs")
    assert ran


def test_a_mistake_in_a_guide_would_be_found(caresim, tmp_path, monkeypatch):
    page = "<!-- exit code: 3 -->\n```sh\ncaresim validate absent.yaml  # a comment\n```\n"
    (block,) = blocks(page)
    assert (block.mark, block.value) == ("exit code", "3")
    monkeypatch.chdir(tmp_path)
    assert [caresim(*arguments).code for arguments in commands(block)] == [3]


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))], ids=lambda page: page.stem
)
def test_links_lead_somewhere(page):
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        found = page.parent / target
        assert found.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor[1:] in {
                re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in heads
            }


def test_reference_pages_follow_from_the_code():
    path = ROOT / "docs" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate_docs", path)
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for name, page in generate.PAGES.items():
        written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert written == page(), "run `python docs/generate.py`"


def test_the_commands_of_the_readme(caresim, monkeypatch, quick):
    found = {b.mark: b.text for b in blocks((ROOT / "README.md").read_text(encoding="utf-8"))}
    install = "python3 -m venv .venv && .venv/bin/pip install --quiet "
    assert found["test command"] == f"{install}'.[dev]' && .venv/bin/python -m pytest -q -n auto\n"
    before, _, command = found["run command"].partition(".venv/bin/caresim ")
    assert before == f"{install}. && "
    monkeypatch.chdir(ROOT)
    _, file = shlex.split(command)
    assert caresim("validate", file).code == 0
