"""Runs the reference network with PySD; called by run.py with a Python that has PySD.

Usage: pysd_peer.py MODEL INPUTS OUTPUT. INPUTS is an .npz of names, stocks and values, shape
(n_inputs, n_members); OUTPUT gets the saved stocks, shape (n_stocks, n_saves, n_members), and the
seconds that each member's run took.
"""

import sys
import time

import numpy as np
import pysd


def main(model_path: str, inputs_path: str, output_path: str) -> None:
    given = np.load(inputs_path)
    names, stocks = given["names"].tolist(), given["stocks"].tolist()
    model = pysd.read_vensim(model_path)
    model.run(return_columns=stocks)
    saved, seconds = [], []
    for member in given["values"].T:
        began = time.perf_counter()
        table = model.run(
            params=dict(zip(names, member.tolist(), strict=True)), return_columns=stocks
        )
        seconds.append(time.perf_counter() - began)
        saved.append(table[stocks].to_numpy().T)
    np.savez(output_path, saved=np.stack(saved, axis=-1), seconds=seconds)


if __name__ == "__main__":
    main(*sys.argv[1:])
