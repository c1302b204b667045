import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Config } from '../../config.js';
import { Fault } from '../../fault.js';
import { Database } from '../database/database.js';
import { ENDPOINT } from '../http/endpoint.js';
import type { EndpointSpec } from '../http/endpoint.js';
import { ACCESS } from './access.js';
import { hashOf } from './hash-of.js';
import type { AccessRole, Principal } from './principal.js';

/** Asks every call for its key, but for routes marked 'open'. A route without a spec is closed. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly db: Database,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const spec = Reflect.getMetadata(ENDPOINT, context.getHandler()) as EndpointSpec | undefined;
    const outsideTheApi = Reflect.getMetadata(ACCESS, context.getHandler()) as EndpointSpec['access'] | undefined;
    const access: EndpointSpec['access'] =
      spec?.access ??
      outsideTheApi ??
      ((Reflect.getMetadata('lamplighter:open', context.getHandler()) as boolean) === true ? 'open' : []);
    if (access === 'open') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { principal?: Principal }>();
    const principal = await this.principalOf(request.headers.authorization);
    if (!principal.roles.includes('admin') && !principal.roles.some((role) => access.includes(role))) {
      throw new Fault(
        'forbidden',
        `This needs one of the roles ${access.join(', ') || 'admin'}; the key "${principal.name}" has ${principal.roles.join(', ')}.`,
      );
    }
    request.principal = { ...principal, masked: request.headers['personal-data'] === 'masked' };
    return true;
  }

  private async principalOf(header: string | undefined): Promise<Principal> {
    const key = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
    if (key === undefined) throw new Fault('unauthenticated', 'Send an API key: Authorization: Bearer <key>.');
    const hash = hashOf(key);
    const { bootstrapApiKey } = this.config;
    if (bootstrapApiKey !== null && timingSafeEqual(hash, hashOf(bootstrapApiKey)))
      return { name: 'bootstrap', roles: ['admin'] };
    const [row] = await this.db.query<{ name: string; roles: AccessRole[] }>(
      'select name, roles from api_key where secret_hash = $1 and revoked_at is null',
      [hash],
    );
    if (row === undefined) throw new Fault('unauthenticated', 'This API key is not known, or was revoked.');
    return row;
  }
}
