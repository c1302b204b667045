import { rm } from 'node:fs/promises';

export default async function globalTeardown() {
  if (globalThis.testServer === undefined) return;
  await globalThis.testServer.server.stop();
  await rm(globalThis.testServer.folder, { recursive: true, force: true });
}
