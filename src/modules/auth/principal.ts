import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';

/**
 * admin: everything, keys included. dispatcher: the live board and its decisions. analyst: complaints, links, reports.
 * integration: other systems' imports and facts. viewer: reads, without personal data.
 */
export const ACCESS_ROLES = ['admin', 'dispatcher', 'analyst', 'integration', 'viewer'] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** Who is calling. */
export interface Principal {
  name: string;
  roles: readonly AccessRole[];
  /** The caller asked for masked names and numbers (`Personal-Data: masked`), whatever its roles may see: live screens do. */
  masked?: boolean;
}

/** Everyone with a key; for routes that only read what is not personal. */
export const EVERYONE: readonly AccessRole[] = [...ACCESS_ROLES];

/** Keys with one of these see names and phone numbers in clear (and each reading is logged); others see them masked. */
export const haveClearance = (roles: readonly AccessRole[]): boolean =>
  roles.some((role) => role === 'admin' || role === 'dispatcher' || role === 'analyst');

/** Whether this call is answered with names and numbers in clear. */
export const maySeePersonalData = (principal: Principal): boolean =>
  principal.masked !== true && haveClearance(principal.roles);

/** The caller, put on the request by the AuthGuard. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<{ principal?: Principal }>();
  if (principal === undefined) throw new Error('this route is open, it has no caller');
  return principal;
});
