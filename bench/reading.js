const volts = (index, round) => 219 + ((index * 7 + round * 13) % 80) / 10;

/** The reading number `index` of a load: terminals in turn, each `intervalMs` after its last, as terminals send it (about 200 bytes). */
export function readingOf(index, { terminals, startTs, intervalMs, prefix = 'dt/v1' }) {
  const terminal = index % terminals;
  const round = Math.floor(index / terminals);
  return {
    topic: `${prefix}/s${terminal % 16}/T${terminal}/up/meas`,
    payload: `{"ts":${startTs + round * intervalMs},"sid":1,"seq":${round},"tq":0,"ua":${volts(terminal, round).toFixed(1)},"ub":${volts(terminal + 1, round).toFixed(1)},"uc":${volts(terminal + 2, round).toFixed(1)},"ia":101.5,"ib":99.1,"ic":98.7,"in":3.2,"p":65.31,"q":12.2,"pf":0.98,"f":50.01,"temp":56.2}`,
  };
}
