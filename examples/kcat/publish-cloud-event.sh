#!/bin/sh
# Publishes one mail as a CloudEvent in binary mode: who it is stands in the headers.
#
# examples/kcat/publish-cloud-event.sh [KAFKA [PREFIX]]
set -eu

tr -d '\n' <<'JSON' | kcat -P -b "${1:-localhost:9092}" -t "${2:-outmail.}events" -k ada@example.org -X acks=all -X topic.partitioner=murmur2_random \
  -H content-type=application/json -H ce_specversion=1.0 -H ce_id=task-42-assigned-7 -H ce_source=/examples/cloud-event \
  -H ce_type=task.assigned -H ce_expirytime=2099-01-01T00:00:00Z
{
  "to": ["Ada Lovelace <ada@example.org>"],
  "subject": "You have a new task",
  "text": "Hello Ada, task 42 is yours."
}
JSON
echo published
