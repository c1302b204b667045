/** The number under which the console reports something: sent twice, it is the same thing. Not `randomUUID`, which needs TLS. */
export const newExternalId = (): string => `console-${Date.now()}-${Math.random().toString(36).slice(2, 10)}`;
