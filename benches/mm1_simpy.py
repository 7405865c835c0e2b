"""The M/M/1 of scenarios/mm1.json in SimPy: `pip install simpy && python3 benches/mm1_simpy.py`."""

import random
import time

import simpy

REQUESTS = 1_000_000
RATE = 800.0
MEAN_WORK = 0.001


def request(env, server, work, latencies):
    sent = env.now
    with server.request() as worker:
        yield worker
        yield env.timeout(work)
    latencies.append(env.now - sent)


def users(env, server, stream, latencies):
    for _ in range(REQUESTS):
        yield env.timeout(stream.expovariate(RATE))
        work = stream.expovariate(1 / MEAN_WORK)
        env.process(request(env, server, work, latencies))


def main():
    stream = random.Random(1)
    env = simpy.Environment()
    server = simpy.Resource(env, capacity=1)
    latencies = []
    env.process(users(env, server, stream, latencies))
    began = time.perf_counter()
    env.run()
    took = time.perf_counter() - began
    mean = sum(latencies) / len(latencies)
    print(f"{REQUESTS / took:,.0f} requests/s, mean {mean * 1000:.3f} ms (theory: 5 ms)")


if __name__ == "__main__":
    main()
