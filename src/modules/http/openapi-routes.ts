import { Injectable, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS } from '../auth/access.js';
import { ENDPOINT } from './endpoint.js';
import type { EndpointSpec } from './endpoint.js';
import type { Route } from './openapi.js';

/** Keys under which Nest's own decorators keep a route; part of its public behaviour, unchanged since version 4. */
const PATH = 'path';
const METHOD = 'method';

/** Every route of every registered controller, as the framework registers it. */
@Injectable()
export class OpenApiRoutes {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  all(): Route[] {
    return this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (instance === null || metatype === null) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
      const base = metadata<string>(PATH, metatype) ?? '';
      return this.scanner.getAllMethodNames(prototype).flatMap((name): Route[] => {
        const handler = prototype[name];
        const path = handler === undefined ? undefined : metadata<string | string[]>(PATH, handler);
        if (handler === undefined || path === undefined) return [];
        const spec = metadata<EndpointSpec>(ENDPOINT, handler) ?? null;
        return [path].flat().map((path) => ({
          method: RequestMethod[metadata<RequestMethod>(METHOD, handler) ?? RequestMethod.GET],
          path: join(base, path),
          operationId: `${lowerFirst(metatype.name.replace(/Controller$/, ''))}_${name}`,
          spec,
          open: (spec?.access ?? metadata(ACCESS, handler)) === 'open',
        }));
      });
    });
  }
}

const metadata = <Value>(key: string, of: object): Value | undefined =>
  Reflect.getMetadata(key, of) as Value | undefined;

const join = (...parts: string[]): string => `/${parts.join('/').split('/').filter(Boolean).join('/')}`;

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
