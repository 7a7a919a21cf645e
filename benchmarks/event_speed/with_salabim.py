"""The reference network in salabim, processes written as generators."""

import math
import random
import sys
import time

import salabim as sim

sim.yieldless(False)
STAYS = {"home_care": 35.0, "intermediate": 27.0, "residential": 700.0}
SIGMA = math.sqrt(math.log(1 + 1.2**2))
MU = math.log(5.5) - SIGMA**2 / 2


class Person(sim.Component):
    def process(self):
        yield self.request(acute)
        yield self.hold(rng.lognormvariate(MU, SIGMA))
        u = rng.random()
        if u >= 0.75 and u < 0.98:
            name = "home_care" if u < 0.87 else "intermediate" if u < 0.95 else "residential"
            ready = env.now()
            yield self.request(places[name])
            delayed[0] += env.now() - ready
            self.release(acute)
            yield self.hold(rng.expovariate(1 / STAYS[name]))


class Arrivals(sim.Component):
    def process(self):
        while True:
            yield self.hold(rng.expovariate(150.0))
            Person()


if __name__ == "__main__":
    days = float(sys.argv[1])
    begin = time.process_time()
    rng = random.Random(1)
    delayed = [0.0]
    env = sim.Environment(trace=False)
    acute = sim.Resource("acute", 900, monitor=False)
    places = {
        name: sim.Resource(name, capacity, monitor=False)
        for name, capacity in (("home_care", 700), ("intermediate", 330), ("residential", 4200))
    }
    Arrivals()
    env.run(till=days)
    print(time.process_time() - begin, delayed[0] / days)
