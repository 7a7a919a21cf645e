"""The reference network in Ciw (blocking after service is its own rule)."""

import math
import sys
import time

import ciw

SIGMA = math.sqrt(math.log(1 + 1.2**2))
MU = math.log(5.5) - SIGMA**2 / 2


def replicate(days, seed):
    exponential = ciw.dists.Exponential
    network = ciw.create_network(
        arrival_distributions=[exponential(150.0), None, None, None],
        service_distributions=[
            ciw.dists.Lognormal(MU, SIGMA),
            exponential(1 / 35.0),
            exponential(1 / 27.0),
            exponential(1 / 700.0),
        ],
        number_of_servers=[900, 700, 330, 4200],
        queue_capacities=[float("inf"), 0, 0, 0],
        routing=[[0.0, 0.12, 0.08, 0.03]] + [[0.0] * 4] * 3,
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(days)
    return simulation


if __name__ == "__main__":
    days = float(sys.argv[1])
    begin = time.process_time()
    simulation = replicate(days, 1)
    seconds = time.process_time() - begin
    records = simulation.get_all_records(only=["service"])
    print(seconds, sum(r.time_blocked for r in records if r.node == 1) / days)
