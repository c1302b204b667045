import { createHash } from 'node:crypto';

/** What is stored of a secret with 256 random bits; a slow hash would add nothing. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
