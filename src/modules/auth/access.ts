import { SetMetadata } from '@nestjs/common';
import type { AccessRole } from './principal.js';

export const ACCESS = 'lamplighter:access';

/** Who may call a route that has no spec because it lies outside the API's root (health, metrics). 'open' = nobody is asked. */
export const Access = (access: readonly AccessRole[] | 'open') => SetMetadata(ACCESS, access);
