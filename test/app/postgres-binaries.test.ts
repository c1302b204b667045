import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyBinaries } from '../../src/modules/database/postgres-binaries.js';

describe('a copy of the embedded PostgreSQL for `nobody`', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamplighter-binaries-'));
    await mkdir(join(folder, 'native', 'lib'), { recursive: true });
    await writeFile(join(folder, 'native', 'lib', 'libx.so.1.2'), 'library');
    await writeFile(
      join(folder, 'native', 'pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]),
    );
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const copied = async (): Promise<{ link: string; text: string }> => {
    const copy = await copyBinaries(join(folder, 'native'), join(folder, 'copy'));
    const library = join(copy, 'lib', 'libx.so.1');
    return { link: await readlink(library), text: await readFile(library, 'utf8') };
  };

  it.each([
    ['no install script ran, so there are no links', () => Promise.resolve()],
    [
      'an install script made the links',
      () => symlink('libx.so.1.2', join(folder, 'native', 'lib', 'libx.so.1')).then(() => undefined),
    ],
    [
      'an earlier copy has links back into the closed folder',
      async () => {
        await copyBinaries(join(folder, 'native'), join(folder, 'copy'));
        await rm(join(folder, 'copy', 'lib', 'libx.so.1'));
        await symlink(join(folder, 'gone', 'libx.so.1.2'), join(folder, 'copy', 'lib', 'libx.so.1'));
      },
    ],
  ])('stands alone when %s', async (_name, prepare) => {
    await prepare();
    expect(await copied()).toEqual({ link: 'libx.so.1.2', text: 'library' });
  });
});
