import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, idParameter, instant, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.js';
import { ACCESS_ROLES, Caller, EVERYONE, haveClearance } from './principal.js';
import type { Principal } from './principal.js';

const roles = z.array(z.enum(ACCESS_ROLES)).min(1);
const keyFields = {
  id,
  name: z.string(),
  roles,
  createdAt: instant,
  createdBy: z.string(),
  revokedAt: instant.nullable(),
};
const apiKey = z.strictObject(keyFields).meta({ id: 'ApiKey' });
const newApiKey = z
  .strictObject({ ...keyFields, key: z.string().meta({ description: 'Shown this once; only its hash is kept' }) })
  .meta({ id: 'NewApiKey' });

const postKey = endpoint({
  method: 'POST',
  path: '/api-keys',
  tag: 'access',
  summary: 'Make an API key. The key is shown in this answer only.',
  access: ['admin'],
  body: z.strictObject({ name: z.string().trim().min(1).max(100), roles }),
  response: newApiKey,
  status: 201,
  problems: { conflict: 'the name is taken' },
});

const getKeys = endpoint({
  method: 'GET',
  path: '/api-keys',
  tag: 'access',
  summary: 'All API keys, revoked ones too, without the keys themselves.',
  access: ['admin'],
  query: z.strictObject(paging),
  response: pageOf(apiKey),
});

const deleteKey = endpoint({
  method: 'DELETE',
  path: '/api-keys/:id',
  tag: 'access',
  summary: 'Revoke an API key. It stays in the list; its next call is refused.',
  access: ['admin'],
  params: z.strictObject({ id: idParameter }),
  response: apiKey,
});

const getMe = endpoint({
  method: 'GET',
  path: '/me',
  tag: 'access',
  summary: 'Whose key this is, and what it may do.',
  access: EVERYONE,
  response: z
    .strictObject({
      name: z.string(),
      roles,
      personalData: z.boolean().meta({
        description: 'Names and numbers come in clear, and each reading is recorded, unless they are asked for masked',
      }),
    })
    .meta({ id: 'Me' }),
});

@Controller()
export class ApiKeysController {
  constructor(private readonly db: Database) {}

  @Endpoint(postKey)
  create(@Input() { body }: InputOf<typeof postKey>, @Caller() caller: Principal) {
    return this.db.inTx((tx) =>
      createApiKey(tx, { name: body.name, roles: [...new Set(body.roles)], createdBy: caller.name }),
    );
  }

  @Endpoint(getKeys)
  async list(@Input() { query }: InputOf<typeof getKeys>) {
    const [afterId = 0] = decodeCursor(query.cursor, 1) ?? [];
    return page(await listApiKeys(this.db, afterId, query.limit + 1), query.limit, (key) => [key.id]);
  }

  @Endpoint(deleteKey)
  revoke(@Input() { params }: InputOf<typeof deleteKey>) {
    return this.db.inTx((tx) => revokeApiKey(tx, params.id));
  }

  @Endpoint(getMe)
  me(@Caller() caller: Principal) {
    return { name: caller.name, roles: [...caller.roles], personalData: haveClearance(caller.roles) };
  }
}
