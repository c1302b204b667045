import { Injectable } from '@nestjs/common';

/** An instant as epoch milliseconds, UTC. Every instant inside the service has this type; text is for the edges. */
export type EpochMs = number;

/** The only source of the present time. Tests replace it; rules never see it, they get `now` as an argument. */
@Injectable()
export class Clock {
  now(): EpochMs {
    return Date.now();
  }
}
