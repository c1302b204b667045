import { createConnection } from 'node:net';
import { generate, parser as createParser } from 'mqtt-packet';
import { readingOf } from './reading.js';

/**
 * A load generator for one broker: writes prepared QoS 1 PUBLISH packets on one raw connection and counts the PUBACKs, so that it
 * costs as little of the shared machine as possible. Runs as a process of its own:
 *   node bench/generator.js '{"host":"127.0.0.1","port":1883,"terminals":20000,"messages":200000,"perSecond":0,"startTs":...,"intervalMs":60000}'
 * `perSecond` 0 = as fast as the window allows. Prints one JSON line: messages, seconds.
 */
const options = JSON.parse(process.argv[2] ?? '{}');
const { host, port, messages, perSecond, window = 4_000 } = options;

const socket = createConnection({ host, port, noDelay: true });
const parser = createParser({ protocolVersion: 4 });
let acknowledged = 0;
let sent = 0;
let started = 0;

function send(limit) {
  const buffers = [];
  while (sent < messages && sent - acknowledged < window && buffers.length < limit) {
    buffers.push(
      generate(
        {
          cmd: 'publish',
          qos: 1,
          dup: false,
          retain: false,
          messageId: (sent % 60_000) + 1,
          ...readingOf(sent, options),
        },
        { protocolVersion: 4 },
      ),
    );
    sent += 1;
  }
  if (buffers.length > 0) socket.write(Buffer.concat(buffers));
}

parser.on('packet', (packet) => {
  if (packet.cmd === 'connack') {
    started = performance.now();
    if (perSecond === 0) return send(1_000);
    const tick = setInterval(() => {
      const due = Math.floor(((performance.now() - started) / 1000) * perSecond);
      send(Math.max(0, due - sent));
      if (sent >= messages) clearInterval(tick);
    }, 5);
    return undefined;
  }
  if (packet.cmd !== 'puback') return undefined;
  acknowledged += 1;
  if (acknowledged === messages) {
    const seconds = (performance.now() - started) / 1000;
    socket.end(generate({ cmd: 'disconnect' }));
    process.stdout.write(`${JSON.stringify({ messages, seconds })}\n`);
  }
  return undefined;
});
socket.on('data', (chunk) => {
  parser.parse(chunk);
  if (perSecond === 0) send(1_000);
});
socket.on('connect', () => {
  socket.write(
    generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: `generator-${process.pid}`,
      keepalive: 0,
    }),
  );
});
