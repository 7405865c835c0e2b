"""The broker of benches/messaging/messages.json in SimPy: `pip install simpy`, and then
`python3 benches/messages_simpy.py 100000`, which prints the seconds that it takes."""

import random
import sys
import time
from collections import deque

import simpy

RATE = 50_000.0
LINK = 0.000_2
WORK = 0.000_01
SYNC = 0.002
PARTITIONS = 100
CONSUMERS = 10
PREFETCH = 100


class Broker:
    """Keeps partitions on a disk. What comes while that syncs is synced together."""

    def __init__(self, env):
        self.env = env
        self.partitions = [deque() for _ in range(PARTITIONS)]
        self.room = [PREFETCH] * CONSUMERS
        self.next = 0
        self.gathered = []
        self.is_writing = False

    def durable(self):
        event = self.env.event()
        self.gathered.append(event)
        if not self.is_writing:
            self.is_writing = True
            self.env.process(self.write())
        return event

    def write(self):
        while self.gathered:
            group, self.gathered = self.gathered, []
            yield self.env.timeout(SYNC)
            for event in group:
                event.succeed()
        self.is_writing = False

    def hand_out(self, partition):
        waiting = self.partitions[partition]
        while waiting and any(self.room):
            while not self.room[self.next]:
                self.next = (self.next + 1) % CONSUMERS
            self.room[self.next] -= 1
            self.env.process(self.deliver(self.next, partition, waiting.popleft()))
            self.next = (self.next + 1) % CONSUMERS

    def deliver(self, consumer, partition, message):
        yield self.env.timeout(LINK)
        yield self.env.timeout(WORK)
        yield self.env.timeout(LINK)
        self.room[consumer] += 1
        self.hand_out(partition)
        yield self.durable()
        yield self.env.timeout(LINK)


def order(env, broker, partition, number, done):
    yield env.timeout(LINK)
    yield env.timeout(LINK)
    yield broker.durable()
    broker.partitions[partition].append(number)
    broker.hand_out(partition)
    yield env.timeout(LINK)
    yield env.timeout(LINK)
    done.append(env.now)


def users(env, broker, messages, stream, done):
    for number in range(messages):
        yield env.timeout(stream.expovariate(RATE))
        env.process(order(env, broker, stream.randrange(PARTITIONS), number, done))


def main():
    messages = int(sys.argv[1])
    env = simpy.Environment()
    done = []
    env.process(users(env, Broker(env), messages, random.Random(1), done))
    began = time.perf_counter()
    env.run()
    took = time.perf_counter() - began
    assert len(done) == messages
    print(f"{took:.3f} seconds, {messages / took:,.0f} messages/s")


if __name__ == "__main__":
    main()
