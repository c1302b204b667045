import { connectAsync } from 'mqtt';
import { readingOf } from './reading.js';

/** The same load as generator.js, published by MQTT.js as an ordinary program would: it costs the shared machine several times as much. */
const options = JSON.parse(process.argv[2] ?? '{}');
const client = await connectAsync(`mqtt://${options.host}:${options.port}`, { protocolVersion: 5 });
const begun = performance.now();
await new Promise((done) => {
  let sent = 0;
  let acknowledged = 0;
  const fill = () => {
    while (sent < options.messages && sent - acknowledged < 2_000) {
      const { topic, payload } = readingOf(sent, options);
      sent += 1;
      client.publish(topic, payload, { qos: 1 }, () => {
        acknowledged += 1;
        if (acknowledged === options.messages) done();
        else if (sent - acknowledged < 1_000) fill();
      });
    }
  };
  fill();
});
process.stdout.write(
  `${JSON.stringify({ messages: options.messages, seconds: (performance.now() - begun) / 1000 })}\n`,
);
await client.endAsync();
