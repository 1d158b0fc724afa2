#!/usr/bin/env python3
"""Publishes one mail with any Kafka client: here confluent-kafka.

python3 examples/python/publish.py [KAFKA [PREFIX]]
"""

import json
import sys

from confluent_kafka import Producer

kafka = sys.argv[1] if len(sys.argv) > 1 else "localhost:9092"
prefix = sys.argv[2] if len(sys.argv) > 2 else "outmail."

event = {
    "id": "task-42-assigned-7",  # the same when it is published again
    "source": "/examples/python",
    "to": ["Ada Lovelace <ada@example.org>"],
    "subject": "You have a new task",
    "text": "Hello Ada, task 42 is yours.",
}


def published(error, record):
    if error:
        sys.exit(f"not published: {error}")
    print(f"published to {record.topic()}-{record.partition()}@{record.offset()}")


producer = Producer({
    "bootstrap.servers": kafka,
    "enable.idempotence": True,  # and with it acks=all
    "message.timeout.ms": 20_000,
    "partitioner": "murmur2_random",  # the same key comes to the same partition as from Java
})
producer.produce(
    prefix + "events",
    key="ada@example.org",
    value=json.dumps(event).encode(),
    on_delivery=published,
)
producer.flush()
