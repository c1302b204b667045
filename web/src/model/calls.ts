export type Role = 'admin' | 'dispatcher' | 'analyst' | 'integration' | 'viewer';

const DISPATCHER = ['dispatcher'] as const;
const CASES = ['dispatcher', 'analyst'] as const;
const FACTS = ['dispatcher', 'integration'] as const;

/**
 * The calls behind the console's buttons, and who the service lets make them besides an administrator. The service has the last word; a test
 * compares this table with its routes.
 */
export const CALL_ROLES = {
  'POST /warnings/:id/acknowledge': DISPATCHER,
  'POST /transformers/:code/actions': DISPATCHER,
  'PATCH /outages/:id': DISPATCHER,
  'POST /outages/:id/split': DISPATCHER,
  'POST /outages/:id/discard': DISPATCHER,
  'POST /outages/:id/undo': DISPATCHER,
  'POST /outages/:id/progress': FACTS,
  'POST /planned-outages': FACTS,
  'DELETE /planned-outages/:id': FACTS,
  'POST /complaints/:id/links/:eventType/:eventId/confirm': CASES,
  'POST /reconnection-orders/:id/crew-assigned': FACTS,
  'POST /reconnection-orders/:id/remote': DISPATCHER,
  'POST /arrears/:accountNo/dunning': FACTS,
  'POST /arrears/:accountNo/dunning/send': FACTS,
  'POST /repair-orders': FACTS,
  'POST /repair-orders/:id/dispatched': FACTS,
  'POST /supervision-orders/:id/reply': FACTS,
  'POST /supervision-orders/:id/close': DISPATCHER,
  'POST /deadlines/:id/pause': CASES,
  'POST /consumption/findings/:id/review': CASES,
  'POST /notices/:id/called': CASES,
  'POST /reports/reliability/publish': CASES,
  'GET /reports/service': CASES,
  'POST /policy': ['admin'],
  'POST /rejected-messages/redrive': DISPATCHER,
} as const satisfies Record<string, readonly Role[]>;

export type Call = keyof typeof CALL_ROLES;

/** Whether somebody with these roles may make the call. */
export const mayCall = (call: Call, roles: readonly Role[]): boolean => {
  const allowed: readonly Role[] = CALL_ROLES[call];
  return roles.some((role) => role === 'admin' || allowed.includes(role));
};
