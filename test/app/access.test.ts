import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import { ENDPOINT } from '../../src/modules/http/endpoint.js';
import type { EndpointSpec } from '../../src/modules/http/endpoint.js';
import { ACCESS_ROLES } from '../../src/modules/auth/principal.js';
import type { AccessRole } from '../../src/modules/auth/principal.js';
import { startTestService, useService } from '../support/service.js';
import type { TestService } from '../support/service.js';

interface Key {
  id: number;
  key: string;
}

/** Every controller method of the running service, with its spec when it has one. */
function routesOf(service: TestService): { name: string; spec: EndpointSpec | undefined }[] {
  return [...service.app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].flatMap(({ metatype }) => {
      const prototype = (metatype as { prototype: Record<string, object> }).prototype;
      return Object.getOwnPropertyNames(prototype)
        .filter((method) => Reflect.hasMetadata('path', prototype[method] ?? {}))
        .map((method) => ({
          name: `${metatype?.name ?? '?'}.${method}`,
          spec: Reflect.getMetadata(ENDPOINT, prototype[method] ?? {}) as EndpointSpec | undefined,
        }));
    }),
  );
}

describe('access', () => {
  const held = useService();
  const createKey = async (name: string, roles: AccessRole[]): Promise<Key> => {
    const answer = await held.service.call<Key>('POST', '/api-keys', { name, roles });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const concrete = (spec: EndpointSpec): string => spec.path.replace(/:\w+/g, '999999');
  const send = async (spec: EndpointSpec, key?: string): Promise<number> => {
    const response = await fetch(`${held.service.url}/api/v1${concrete(spec)}`, {
      method: spec.method,
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    });
    await response.body?.cancel();
    return response.status;
  };

  it('answers 401 on every route that is not marked open, without a key and with a wrong one', async () => {
    const closed = routesOf(held.service).flatMap(({ spec }) =>
      spec === undefined || spec.access === 'open' ? [] : spec,
    );
    expect(closed.length).toBeGreaterThan(5);
    const answers = await Promise.all(
      closed.map(async (spec) => ({ path: spec.path, none: await send(spec), wrong: await send(spec, 'lk_wrong') })),
    );
    expect(answers.filter((answer) => answer.none !== 401 || answer.wrong !== 401)).toEqual([]);
  });

  it('lets each role on exactly the routes that name it; an administrator on all', async () => {
    const closed = routesOf(held.service).flatMap(({ spec }) =>
      spec === undefined || spec.access === 'open' ? [] : spec,
    );
    for (const role of ACCESS_ROLES) {
      const { key } = await createKey(`only ${role}`, [role]);
      const wrong: string[] = [];
      // Streams answer for ever and are left out; a body that is missing or wrong is answered after access was decided.
      for (const spec of closed.filter((spec) => spec.contentType !== 'text/event-stream')) {
        const allowed = role === 'admin' || (spec.access as readonly AccessRole[]).includes(role);
        const refused = (await send(spec, key)) === 403;
        if (refused === allowed) wrong.push(`${role} ${spec.method} ${spec.path}`);
      }
      expect(wrong).toEqual([]);
    }
  });

  it('keeps the hash of a key only, and refuses it once it is revoked', async () => {
    const { service } = held;
    const made = await createKey('billing', ['integration']);
    expect(made.key).toMatch(/^lk_[\w-]{43}$/);
    expect((await service.call('GET', '/me', undefined, made.key)).body).toEqual({
      name: 'billing',
      roles: ['integration'],
      personalData: false,
    });
    const stored = JSON.stringify(await service.db.query('select * from api_key'));
    expect(stored).not.toContain(made.key);
    const listed = await service.call('GET', '/api-keys');
    expect(JSON.stringify(listed.body)).not.toContain(made.key);

    const revoked = await service.call<{ revokedAt: string }>('DELETE', `/api-keys/${made.id}`);
    expect(revoked.body.revokedAt).not.toBeNull();
    const refused = await service.call<{ code: string }>('GET', '/me', undefined, made.key);
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect((await service.call('DELETE', `/api-keys/${made.id}`)).body).toEqual(revoked.body);
    expect((await service.call('DELETE', '/api-keys/4711')).status).toBe(404);
    expect((await service.call('POST', '/api-keys', { name: 'billing', roles: ['viewer'] })).status).toBe(409);
    expect((await service.call('POST', '/api-keys', { name: 'x', roles: ['king'] })).status).toBe(400);
  });

  it("makes an administrator's key at the very first start when none is configured", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lamplighter-key-'));
    const first = await startTestService({ env: { BOOTSTRAP_API_KEY: '', DATA_DIR: folder, LOG_LEVEL: 'silent' } });
    try {
      const file = join(folder, 'admin-key');
      const key = (await readFile(file, 'utf8')).trim();
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await first.call('GET', '/me', undefined, key)).body).toEqual({
        name: 'first administrator',
        roles: ['admin'],
        personalData: true,
      });
      expect((await first.call('GET', '/me')).status).toBe(401);
    } finally {
      await first.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
