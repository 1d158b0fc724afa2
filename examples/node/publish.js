#!/usr/bin/env node
// Publishes one mail with any Kafka client: here kafkajs.
//
// node examples/node/publish.js [KAFKA [PREFIX]]
const { Kafka, logLevel } = require('kafkajs')

const [kafka = 'localhost:9092', prefix = 'outmail.'] = process.argv.slice(2)

const event = {
  id: 'task-42-assigned-7', // the same when it is published again
  source: '/examples/node',
  to: ['Ada Lovelace <ada@example.org>'],
  subject: 'You have a new task',
  text: 'Hello Ada, task 42 is yours.',
}

async function publish() {
  const client = new Kafka({ clientId: 'example', brokers: [kafka], logLevel: logLevel.ERROR })
  const producer = client.producer({ idempotent: true }) // and with it acks=all
  await producer.connect()
  try {
    const [record] = await producer.send({
      topic: prefix + 'events',
      messages: [{ key: 'ada@example.org', value: JSON.stringify(event) }],
    })
    console.log(`published to ${record.topicName}-${record.partition}@${record.baseOffset}`)
  } finally {
    await producer.disconnect()
  }
}

publish().catch((error) => {
  console.error(`not published: ${error.message}`)
  process.exitCode = 1
})
