/**
 * How good detection is, and how it stands a storm: simulated cities through the real batch writer and followers into an embedded
 * PostgreSQL, compared with the simulator's truth. Prints the confusion matrix for supply and communication lost together, summed over
 * cities; the outages made of lost communication alone; the figures of a storm; and the time of the lists with 20,000 open warnings.
 *
 *     npm run bench:detection -- [--large] [--seed n] [--cities n] [--only score|list|storm]
 *
 * --large: 50,000 transformers on 1,000 feeders lost within a minute, after the storm of 2,000 on 40.
 */
import { parseArgs } from 'node:util';
import { score } from './detection-score.js';
import { lists, storm } from './detection-storm.js';

const { values } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    cities: { type: 'string', default: '12' },
    only: { type: 'string' },
  },
});
const first = Number(values.seed);
const seeds = Array.from({ length: Number(values.cities) }, (_, n) => first + n);
const isWanted = (part) => values.only === undefined || values.only === part;

if (isWanted('list')) await lists(first);
if (isWanted('score')) {
  await score('communication lost alone', seeds, 34, { outages: 0, terminals: 30, cells: 8 });
  // About one terminal in fifty unheard at any time, as in the field; then one in six.
  const some = { outages: 40, terminals: 4, cells: 1, ownTrouble: 3 };
  await score('supply lost, some communication lost', seeds, 94, some);
  await score('supply lost, much communication lost', seeds, 94, { ...some, terminals: 25, cells: 5 });
}
if (isWanted('storm')) {
  await storm('medium', first, 2_000);
  if (values.large) await storm('large', first, 50_000);
}
