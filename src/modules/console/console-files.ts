import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Built: dist/web beside dist/modules. Run from the sources (tests): the same folder, seen from src. */
const FOLDERS = ['../../web', '../../../dist/web'].map((folder) => join(import.meta.dirname, folder));

const NONCE = '%CSP_NONCE%';

const policyFor = (nonce: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; ` +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * Serves the console: its files by name, its one page for every other address that a person may open, so that a screen can be
 * bookmarked. The page holds no data; that comes over the API with the person's own key.
 */
@Injectable()
export class ConsoleFiles implements OnModuleInit {
  private readonly logger = new Logger('console');

  constructor(private readonly http: HttpAdapterHost) {}

  async onModuleInit(): Promise<void> {
    const folder = FOLDERS.find((folder) => existsSync(join(folder, 'index.html')));
    if (folder === undefined) {
      this.logger.warn('the console is not built; run `npm run build:web`. The API works without it.');
      return;
    }
    const files = await filesIn(folder);
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    const server = this.http.httpAdapter.getInstance<FastifyInstance>();
    await server.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, setHeaders });
    server.get('/*', (request, reply) => {
      const path = decodedPath(request);
      if (files.has(path)) return harden(reply).sendFile(path);
      // Addresses of programs are never a page: a wrong one must be a problem document, not a success with HTML.
      if (/^(api|health|metrics|assets)(\/|$)/.test(path) || /\.\w+$/.test(path)) return reply.callNotFound();
      return sendPage(reply, page);
    });
  }
}

async function filesIn(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return new Set(
    entries
      .filter((entry) => entry.isFile() && entry.name !== 'index.html')
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')),
  );
}

function decodedPath(request: FastifyRequest): string {
  return (request.params as { '*': string })['*'];
}

/** Names under assets/ carry a hash of their content, so they never change; the others are asked for each time. */
function setHeaders(reply: FastifyReply, path: string): void {
  const isHashed = path.split(sep).at(-2) === 'assets';
  void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'public, no-cache');
}

/** A new nonce each time: Ant Design writes its styles with it, injected ones are refused. */
function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  return harden(reply)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyFor(nonce),
      'cache-control': 'no-store',
    })
    .send(page.replaceAll(NONCE, nonce));
}

const harden = (reply: FastifyReply): FastifyReply =>
  reply.headers({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  });
