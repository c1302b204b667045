import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Follower } from '../journal/follow.js';
import type { ActivePolicy } from './active-policy.js';

/** A follower whose every transaction is decided by one version of the policy: the one in force at its `now`. */
export const byOneVersion = (active: ActivePolicy, make: (active: PolicyInForce) => Follower): Follower => ({
  ...make(active),
  handle: (tx, entries) => make(active.at(tx.now)).handle(tx, entries),
});
