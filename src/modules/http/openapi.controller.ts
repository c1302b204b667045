import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Fault } from '../../fault.js';
import { Access } from '../auth/access.js';
import { describeApi } from './openapi.js';
import type { JsonSchema } from './openapi-components.js';
import { OpenApiRoutes } from './openapi-routes.js';

const VERSION = '1.0.0';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Lamplighter API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/api/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="viewer"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#viewer', deepLinking: true, docExpansion: 'none', filter: true });
`;

/** The viewer sets styles on its elements and draws its icons from data: addresses; nothing comes from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const SCRIPT = 'text/javascript; charset=utf-8';
/** A map, not an object: the name comes from outside, and every object answers to `constructor` and `__proto__`. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', SCRIPT],
]);
const FILES_FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** The description of the API, for programs and for people. Open: it holds no data. */
@Controller()
export class OpenApiController {
  private document: JsonSchema | null = null;

  constructor(private readonly routes: OpenApiRoutes) {}

  @Get('/api/openapi.json')
  @Access('open')
  async describe(): Promise<JsonSchema> {
    this.document ??= describeApi(this.routes.all(), VERSION);
    return this.document;
  }

  @Get('/api/docs')
  @Access('open')
  async page(@Res() reply: FastifyReply): Promise<void> {
    await reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': POLICY,
        'cache-control': 'no-cache',
      })
      .send(PAGE);
  }

  @Get('/api/docs/:file')
  @Access('open')
  async file(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    const type = file === 'start.js' ? SCRIPT : FILES.get(file);
    if (type === undefined) throw new Fault('not_found', `The documentation has no file ${file}; open /api/docs.`);
    await reply
      .headers({ 'content-type': type, 'cache-control': 'public, max-age=86400' })
      .send(file === 'start.js' ? START : createReadStream(join(FILES_FOLDER, file)));
  }
}
