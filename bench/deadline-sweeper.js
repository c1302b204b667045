/** One sweeper of bench/deadlines.js: the service's sweep on a driven clock. Prints a line for each commit, ends when told or killed. */
import { Clock } from '../dist/clock.js';
import { createPool, Database } from '../dist/modules/database/database.js';
import { sweep } from '../dist/modules/deadlines/deadline-sweep.js';

const { url, drivenFrom, wallFrom, speed, restMs } = JSON.parse(process.argv[2]);

/** `speed` driven seconds pass in each real one; the same in every process of this machine. */
class DrivenClock extends Clock {
  now() {
    return Math.floor(drivenFrom + (performance.timeOrigin + performance.now() - wallFrom) * speed);
  }
}

const clock = new DrivenClock();
const db = new Database(createPool(url, 2), clock);
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());
while (!stopping.signal.aborted) {
  const { fired } = await sweep(db);
  const committedAt = clock.now();
  for (const { dueAt } of fired) process.stdout.write(`${committedAt - dueAt}\n`);
  if (fired.length === 0) await new Promise((done) => setTimeout(done, restMs / speed));
}
await db.close();
