#!/bin/sh
# Publishes one mail with kcat. The event is one line.
#
# examples/kcat/publish.sh [KAFKA [PREFIX]]
set -eu

tr -d '\n' <<'JSON' | kcat -P -b "${1:-localhost:9092}" -t "${2:-outmail.}events" -k ada@example.org -X acks=all -X topic.partitioner=murmur2_random
{
  "id": "task-42-assigned-7",
  "source": "/examples/kcat",
  "to": ["Ada Lovelace <ada@example.org>"],
  "subject": "You have a new task",
  "text": "Hello Ada, task 42 is yours."
}
JSON
echo published
