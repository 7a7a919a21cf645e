"""The reference network as a plain SimPy program, as a modeller would write it."""

import math
import random
import sys
import time

import simpy

STAYS = {"home_care": 35.0, "intermediate": 27.0, "residential": 700.0}
SIGMA = math.sqrt(math.log(1 + 1.2**2))
MU = math.log(5.5) - SIGMA**2 / 2


def replicate(days, seed):
    rng = random.Random(seed)
    env = simpy.Environment()
    acute = simpy.Resource(env, 900)
    places = {
        "home_care": simpy.Resource(env, 700),
        "intermediate": simpy.Resource(env, 330),
        "residential": simpy.Resource(env, 4200),
    }
    delayed = [0.0]

    def person():
        with acute.request() as bed:
            yield bed
            yield env.timeout(rng.lognormvariate(MU, SIGMA))
            u = rng.random()
            if u < 0.75 or u >= 0.98:
                return
            name = "home_care" if u < 0.87 else "intermediate" if u < 0.95 else "residential"
            ready = env.now
            place = places[name].request()
            yield place
            delayed[0] += env.now - ready
        yield env.timeout(rng.expovariate(1 / STAYS[name]))
        places[name].release(place)

    def arrivals():
        while True:
            yield env.timeout(rng.expovariate(150.0))
            env.process(person())

    env.process(arrivals())
    env.run(until=days)
    return delayed[0] / days


if __name__ == "__main__":
    days = float(sys.argv[1])
    begin = time.process_time()
    mean_delayed = replicate(days, 1)
    print(time.process_time() - begin, mean_delayed)
