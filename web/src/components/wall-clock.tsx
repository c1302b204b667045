import { serviceOffsetMinutes, useServiceNow } from '../data/service-clock.js';
import { atOffset, wallClock } from '../model/instants.js';

/** The utility's time, by the service's clock. */
export function WallClockText() {
  const { date, time } = wallClock(atOffset(useServiceNow(), serviceOffsetMinutes()));
  return (
    <time className="wall-clock">
      <span>{date}</span> <strong>{time}</strong>
    </time>
  );
}
