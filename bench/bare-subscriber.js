import { connect } from 'mqtt';

/** The yardstick: an MQTT.js subscriber at QoS 1 that stores nothing. Prints "ready", then one JSON line when all have come. */
const { url, messages, filter } = JSON.parse(process.argv[2] ?? '{}');
const client = connect(url, {
  protocolVersion: 5,
  clientId: 'bare',
  clean: true,
  properties: { receiveMaximum: 5_000 },
});
let count = 0;
client.on('message', () => {
  count += 1;
  if (count === messages) {
    process.stdout.write(`${JSON.stringify({ messages })}\n`);
    client.end();
  }
});
client.on('connect', () => client.subscribe(filter, { qos: 1 }, () => process.stdout.write('ready\n')));
