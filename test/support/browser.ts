import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';
import { ADMIN_KEY } from './service.js';

/** The browser that console tests drive: CHROMIUM, else where Debian puts it; null when there is none. */
export const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path)) ?? null;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser with a profile of its own, as wide as a desk screen; `close` also removes the profile. */
export async function openBrowser(): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  if (CHROMIUM === null) throw new Error('there is no Chromium; set CHROMIUM to its path');
  const profile = await mkdtemp(join(tmpdir(), 'lamplighter-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: FLAGS,
    viewport: { width: 1920, height: 1080 },
    reducedMotion: 'reduce', // drawers that slide would be waited for, and drawn sixty times a second without a graphics card
    timezoneId: 'America/New_York', // the console must show the utility's time, not the browser's
  });
  context.setDefaultTimeout(60_000);
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** The console of a service at a path, signed in and live; `complaints` are the errors that the browser tells of. */
export async function openConsole(
  url: string,
  path: string,
): Promise<{ page: Page; complaints: readonly string[]; close: () => Promise<void> }> {
  const { context, close } = await openBrowser();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${url}${path}#key=${ADMIN_KEY}`);
  await page.locator('[data-live=live]').waitFor();
  return { page, complaints, close };
}

/** A folder to keep pictures of the screens in; null = none are taken. */
const PICTURES = process.env.CONSOLE_PICTURES ?? null;

/** A4 on its side without its margins, at 96 dots to the inch. */
const PAPER_WIDTH = 1047;

/** Pictures of the screen as wide as a desk's and a small laptop's, and of the first sheet that a printer would get. */
export async function takePictures(page: Page, name: string, { onPaper = false } = {}): Promise<void> {
  if (PICTURES === null) return;
  const before = page.viewportSize();
  await mkdir(PICTURES, { recursive: true });
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 1000 });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`) });
  }
  if (onPaper) {
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: PAPER_WIDTH, height: 740 });
    await page.waitForTimeout(400);
    await page.screenshot({
      path: join(PICTURES, `${name}-paper.png`),
      clip: { x: 0, y: 0, width: PAPER_WIDTH, height: 740 },
    });
    await page.emulateMedia({ media: null });
  }
  if (before !== null) await page.setViewportSize(before);
}
