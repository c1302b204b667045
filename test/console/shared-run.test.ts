import { describe, expect, it } from '@jest/globals';
import { SharedRun } from '../../src/modules/console/shared-run.js';

/** A read whose runs are ended by hand; each answers with its number. */
function byHand(): { shared: SharedRun<number>; end: (error?: Error) => void; runs: () => number } {
  let runs = 0;
  const ends: ((error?: Error) => void)[] = [];
  const shared = new SharedRun(
    () =>
      new Promise<number>((done, fail) => {
        const run = (runs += 1);
        ends.push((error) => (error === undefined ? done(run) : fail(error)));
      }),
  );
  return { shared, end: (error) => ends.shift()?.(error), runs: () => runs };
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('a shared read', () => {
  it('gives nobody an answer that was begun before the call, and runs once for all who wait', async () => {
    const { shared, end, runs } = byHand();
    const first = shared.get();
    const later = [shared.get(), shared.get(), shared.get()];
    expect(runs()).toBe(1);
    end();
    expect(await first).toBe(1);
    await settle();
    expect(runs()).toBe(2);
    const latest = shared.get();
    end();
    expect(await Promise.all(later)).toEqual([2, 2, 2]);
    await settle();
    end();
    expect(await latest).toBe(3);
  });

  it('goes on after a run that failed', async () => {
    const { shared, end } = byHand();
    const first = shared.get();
    const second = shared.get();
    end(new Error('the database is away'));
    await expect(first).rejects.toThrow('away');
    await settle();
    end();
    expect(await second).toBe(2);
  });
});
