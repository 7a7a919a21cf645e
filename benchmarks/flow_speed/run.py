"""How fast the flow engine's kernel is beside the same equations in C and in PySD.

    python benchmarks/flow_speed/run.py [--members 10000] [--repeats 7]

All programs run the reference network (reference.py, reference.c, reference.mdl) in one go, on
one thread, taking turns; figures are medians. They must agree on every saved stock. A peer that
cannot be had is left out, and the table says so. Exit code 5 if a target is missed.
"""

from __future__ import annotations

import argparse
import ctypes
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import reference

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / "build" / "flow_speed"

MOST_TIMES_C = 2.5
LEAST_TIMES_PYSD = 5000.0
MOST_MEMORY_MB = 300.0
C_AGREES_WITHIN = 1e-9
PYSD_AGREES_WITHIN = 1e-6
PYSD_MEMBERS = 5
TARGET_MISSED = 5


def main() -> int:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--no-pysd", action="store_true", help="leave PySD out")
    parser.add_argument("--peak-memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak_memory:
        print(peak_memory(options.members))
        return 0
    missed = compare(options.members, options.repeats, with_pysd=not options.no_pysd)
    for line in missed:
        print(f"missed: {line}")
    return TARGET_MISSED if missed else 0


def compare(n_members: int, repeats: int, *, with_pysd: bool) -> list[str]:
    """Print all figures and return the targets that are missed."""
    inputs = reference.draw_members(n_members)
    print(f"{n_members} members, {reference.YEARS:.2f} years, one thread, median of {repeats}")
    by_hand, no_c = build_c()
    python, no_pysd = python_with_pysd() if with_pysd else (None, "not wanted")
    # Each program returns the seconds it took for how many members.
    programs: dict[str, Callable[[], tuple[float, int]]] = {
        "caresim": lambda: (clock(lambda: run_caresim(inputs)), n_members),
        "caresim, summaries only": lambda: (clock(lambda: run_caresim(inputs, 0)), n_members),
    }
    if by_hand is not None:
        programs["C by hand"] = lambda: (clock(lambda: by_hand(inputs)), n_members)
    if python is not None:
        programs["PySD"] = lambda: (run_pysd(python, inputs[:, :1])[1], 1)
    run_caresim(inputs[:, :1])
    micros = take_turns(programs, repeats)
    for name, figures in micros.items():
        print(f"{name:26} {statistics.median(figures):10.2f} microseconds a member-year")
    for peer, why_not in (("C", no_c), ("PySD", no_pysd)):
        if why_not:
            print(f"{peer} left out: {why_not}")

    missed: list[str] = []
    series = run_caresim(inputs)
    if by_hand is not None:
        ratio = paired_ratio(micros["caresim"], micros["C by hand"])
        print(f"{'caresim / C':26} {ratio:10.2f} (at most {MOST_TIMES_C})")
        if ratio > MOST_TIMES_C:
            missed.append(f"{ratio:.2f} times the time of C")
        missed += disagreement("C", series, by_hand(inputs), C_AGREES_WITHIN)
    if python is not None:
        ratio = paired_ratio(micros["PySD"], micros["caresim"])
        print(f"{'PySD / caresim':26} {ratio:10.0f} (at least {LEAST_TIMES_PYSD:.0f})")
        if ratio < LEAST_TIMES_PYSD:
            missed.append(f"only {ratio:.0f} times faster than PySD")
        few = min(PYSD_MEMBERS, n_members)
        saved, _ = run_pysd(python, inputs[:, :few])
        missed += disagreement("PySD", series[:, :, :few], saved, PYSD_AGREES_WITHIN)
    memory = memory_above_imports(n_members)
    limit = f"at most {MOST_MEMORY_MB:.0f}"
    print(f"{'memory, summaries only':26} {memory:10.0f} MB above imports ({limit})")
    if memory > MOST_MEMORY_MB:
        missed.append(f"{memory:.0f} MB above imports")
    return missed


def clock(program: Callable[[], object]) -> float:
    """Return the seconds a program takes."""
    began = time.perf_counter()
    program()
    return time.perf_counter() - began


def take_turns(
    programs: dict[str, Callable[[], tuple[float, int]]], repeats: int
) -> dict[str, list[float]]:
    """Return microseconds per member-year, run in turn so that all meet the same conditions."""
    micros: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(repeats):
        for name, program in programs.items():
            seconds, members = program()
            micros[name].append(1e6 * seconds / members / reference.YEARS)
    return micros


def paired_ratio(numbers: list[float], others: list[float]) -> float:
    """Return the median over turns of the ratio of two programs."""
    return statistics.median(a / b for a, b in zip(numbers, others, strict=True))


def run_caresim(inputs: reference.FloatArray, n_series: int | None = None) -> reference.FloatArray:
    """Run the network through the kernel that scenarios use; return every saved stock."""
    from caresim.engines.flow.kernel import advance

    network = reference.build_network()
    return advance(network, reference.lanes_of(inputs), n_series=n_series).series


def build_c() -> tuple[Callable[[reference.FloatArray], reference.FloatArray] | None, str]:
    """Compile the C program; return it, or None and why not."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None, "no gcc"
    library = Path(tempfile.mkdtemp(prefix="flow_speed_")) / "reference.so"
    options = ["-O3", "-march=native", "-shared", "-fPIC", "-o", str(library)]
    done = subprocess.run(
        [compiler, *options, str(HERE / "reference.c"), "-lm"], capture_output=True, text=True
    )
    if done.returncode:
        return None, done.stderr.strip()
    function = ctypes.CDLL(str(library)).run_reference
    table = np.ctypeslib.ndpointer(dtype=np.float64, flags="C_CONTIGUOUS")
    sizes = [ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_double]
    function.argtypes = [table, *sizes, table]
    function.restype = None

    def run(inputs: reference.FloatArray) -> reference.FloatArray:
        # A new array each time, as caresim has, so that both pay for the memory they touch.
        saved = np.empty((len(reference.STOCKS), reference.N_SAVES, inputs.shape[1]))
        steps, every = reference.N_STEPS, reference.SAVE_STEPS
        function(inputs, inputs.shape[1], steps, every, reference.STEP_DAYS, saved)
        return saved

    return run, ""


def disagreement(
    peer: str, series: reference.FloatArray, saved: reference.FloatArray, within: float
) -> list[str]:
    """Print the largest relative difference from a peer; return a line if it is too large."""
    scale = np.maximum(np.abs(saved), 1e-12)
    worst = float((np.abs(series - saved) / scale).max())
    print(f"{'largest difference, ' + peer:26} {worst:10.1e} of a stock (at most {within:.0e})")
    return [] if worst <= within else [f"{worst:.1e} from {peer}"]


def run_pysd(python: str, inputs: reference.FloatArray) -> tuple[reference.FloatArray, float]:
    """Run members with PySD; return their stocks, and the median seconds of one member's run.

    Translating the model, and a first run, are not counted.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "given.npz", Path(folder) / "found.npz"
        model = Path(folder) / "reference.mdl"
        shutil.copy(HERE / "reference.mdl", model)
        names, stocks = np.array(list(reference.VARIED)), np.array(reference.STOCKS)
        np.savez(given, names=names, stocks=stocks, values=inputs)
        command = [python, str(HERE / "pysd_peer.py"), str(model), str(given), str(found)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with np.load(found) as result:
            return result["saved"], statistics.median(result["seconds"].tolist())


def python_with_pysd() -> tuple[str | None, str]:
    """Return a Python that can import PySD, in an environment of its own if need be."""
    own = PEERS / "pysd" / "bin" / "python"
    for python in (sys.executable, str(own)):
        if Path(python).exists() and _succeeds([python, "-c", "import pysd"]):
            return python, ""
    print("installing PySD in an environment of its own ...", file=sys.stderr)
    venv.create(own.parents[1], with_pip=True, clear=True)
    if not _succeeds([str(own), "-m", "pip", "install", "--quiet", "pysd>=3.14"]):
        return None, "pip could not install it"
    return str(own), ""


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def memory_above_imports(n_members: int) -> float:
    """Return the peak memory in MB of a run that keeps summaries only, in a process of its own."""
    command = [sys.executable, str(HERE / "run.py"), "--peak-memory", "--members", str(n_members)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def peak_memory(n_members: int) -> float:
    """Return by how many MB this process's peak memory grows in a run, imports not counted.

    The kernel is read from its cache, as in any but the first run on a machine.
    """
    import caresim.engines.flow.kernel  # noqa: F401

    before = peak_kilobytes()
    run_caresim(reference.draw_members(n_members), n_series=0)
    return (peak_kilobytes() - before) / 1024


def peak_kilobytes() -> int:
    """Return this process's peak resident memory, that of its parent not counted."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


if __name__ == "__main__":
    sys.exit(main())
