import { addMixedLosses, DetectionScorer, precisionOf, recallOf } from '../dist/cli/score-detection.js';
import { partition } from '../dist/domain/partition.js';
import { FROM, inCity, MINUTE } from './detection-city.js';

const NOTHING = { found: 0, missed: 0, invented: 0 };
const addScore = (a, b) => ({
  found: a.found + b.found,
  missed: a.missed + b.missed,
  invented: a.invented + b.invented,
});
const KINDS = ['live', 'record', 'liveOutages', 'recordOutages'];

const line = (name, score) =>
  console.log(
    `  ${name.padEnd(44)} found ${String(score.found).padStart(5)}  missed ${String(score.missed).padStart(4)}  invented ${String(score.invented).padStart(4)}  recall ${recallOf(score).toFixed(4)}  precision ${precisionOf(score).toFixed(4)}`,
  );

async function play(seed, minutes, counts) {
  return inCity('small', seed, async ({ db, player, timeline }) => {
    addMixedLosses(timeline, FROM + 4 * MINUTE, FROM + (minutes - 4) * MINUTE, counts);
    const scorer = new DetectionScorer(db, timeline);
    await player.play(timeline, FROM, FROM + minutes * MINUTE, (at) => scorer.watch(at));
    const kinds = timeline.incidents.map(({ kind }) => kind);
    return {
      scores: await scorer.scores(),
      missed: await scorer.missed(),
      outages: kinds.filter((kind) => kind === 'outage').length,
      silences: kinds.filter((kind) => kind === 'silence').length,
    };
  });
}

/** Plays cities of 200 transformers, one for each seed, and prints what all of them came to together. */
export async function score(title, seeds, minutes, counts) {
  const sum = { falseOutages: 0, outages: 0, silences: 0, quiet: 0, accused: 0 };
  const missed = [];
  for (const kind of KINDS) sum[kind] = NOTHING;
  for (const seed of seeds) {
    const { scores, missed: ofCity, outages, silences } = await play(seed, minutes, counts);
    for (const kind of KINDS) sum[kind] = addScore(sum[kind], scores[kind]);
    sum.falseOutages += scores.falseOutages;
    sum.quiet += scores.silences.quiet;
    sum.accused += scores.silences.accused;
    sum.outages += outages;
    sum.silences += silences;
    missed.push(...ofCity.map((one) => ({ seed, ...one })));
    process.stderr.write(
      `  seed ${seed}: ${outages} losses of supply, missed while they lasted ${scores.liveOutages.missed}, false ${scores.falseOutages}\n`,
    );
  }
  console.log(
    `${title}: ${seeds.length} cities (seeds ${seeds[0]} to ${seeds.at(-1)}) of 200 transformers, ${minutes} min each, ${sum.outages} losses of supply, ${sum.silences} of communication`,
  );
  line('transformers out over 3 min, while it lasted', sum.live);
  line('transformers out over 3 min, final record', sum.record);
  line('outages over 3 min, while they lasted', sum.liveOutages);
  const lost = partition(
    missed.filter(({ isWholeOutage }) => isWholeOutage),
    ({ seed, incident }) => `${seed} ${incident}`,
  );
  const knowable = [...lost.values()].filter((of) => of.reduce((count, { witnesses }) => count + witnesses, 0) > 1);
  line('  of those with more than one witness', { ...sum.liveOutages, missed: knowable.length });
  line('outages over 3 min, final record', sum.recordOutages);
  const cell = (value) => String(value).padStart(18);
  console.log('  confusion matrix, while it lasted:        in an open outage    in no outage');
  console.log(`    transformers without supply           ${cell(sum.live.found)}${cell(sum.live.missed)}`);
  console.log(`    terminals unheard, with supply        ${cell(sum.accused)}${cell(sum.quiet)}`);
  console.log(`  outages ever open of which no transformer had lost supply: ${sum.falseOutages}`);
  for (const { seed, incident, code, minutes: lasted, others, gasp, callers, fellSilent } of missed)
    console.log(
      `    missed while it lasted: seed ${seed} ${incident} ${code}, ${lasted.toFixed(1)} min, with ${others} others; ${gasp ? 'its last gasp was there' : 'no last gasp'}, ${callers} identified callers, ${fellSilent ? 'silent since' : 'silent before'}`,
    );
}
