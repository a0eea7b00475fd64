"""Load on the classifier in stages: calm, a peak that needs three replicas, calm again.

    pip install locust
    locust -f locustfile.py --headless --host http://127.0.0.1:3000
"""

from itertools import cycle

from locust import FastHttpUser, LoadTestShape, constant_throughput, task

SENTENCES = cycle(
    [
        "the cat is in the house",
        "der Hund ist nicht von hier",
        "le chat est dans la maison",
    ]
)


class Client(FastHttpUser):
    """Asks five times a second, whatever the answers take."""

    wait_time = constant_throughput(5)

    @task
    def classify(self):
        self.client.post("/classify", json={"text": next(SENTENCES)})


class Tide(LoadTestShape):
    """(until this second, this many clients): 5, then 250, then 5 requests a second."""

    stages = [(30, 1), (210, 50), (900, 1)]

    def tick(self):
        for until, clients in self.stages:
            if self.get_run_time() < until:
                return clients, 50
        return None
