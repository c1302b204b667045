import { connect } from 'mqtt';

/** The yardstick: an MQTT.js subscriber at QoS 1 that stores nothing. Prints "ready", then one JSON line with first and last arrival. */
const { url, messages, filter } = JSON.parse(process.argv[2] ?? '{}');
const client = connect(url, {
  protocolVersion: 5,
  clientId: 'bare',
  clean: true,
  properties: { receiveMaximum: 5_000 },
});
let count = 0;
let first = 0;
client.on('message', () => {
  if (count === 0) first = Date.now();
  count += 1;
  if (count === messages) {
    process.stdout.write(`${JSON.stringify({ messages, first, last: Date.now() })}\n`);
    client.end();
  }
});
client.on('connect', () => client.subscribe(filter, { qos: 1 }, () => process.stdout.write('ready\n')));
