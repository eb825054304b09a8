// What every browser test uses instead of Playwright's own `test`.

import { expect, test as base, type Page } from '@playwright/test';

export { expect, type Page };

/** People of the example organisation. */
export const people = {
  /** Member of the `platform` group: administers the portal. */
  admin: 'user:default/ines.carvalho',
  /** An engineer without special rights. */
  engineer: 'user:default/sofia.petrova',
} as const;

interface Options {
  /** Who is signed in when a test begins; nobody when empty. */
  signedInAs: string;
  /** Console messages that belong to what a test does on purpose. */
  expectedMessages: RegExp[];
}

interface Fixtures {
  /** Fails the test when the browser's console shows a warning or an error. */
  quietConsole: void;
  /** Signs in before the test begins. */
  session: void;
}

// Chromium says so when a page took a few seconds to start, as it may on a busy machine. That what
// is preloaded is used at all is tested in `loading.spec.ts`.
const lateForPreload = /was preloaded using link preload but not used within a few seconds/;

export const test = base.extend<Options & Fixtures>({
  signedInAs: [people.admin, { option: true }],
  expectedMessages: [[], { option: true }],

  quietConsole: [
    async ({ page, expectedMessages }, use) => {
      const messages: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'warning' || message.type() === 'error') {
          messages.push(`${message.type()}: ${message.text()}`);
        }
      });
      page.on('pageerror', (error) => messages.push(`uncaught: ${error.message}`));
      await use();
      const unexpected = messages.filter(
        (message) => ![lateForPreload, ...expectedMessages].some((expected) => expected.test(message)),
      );
      expect(unexpected, 'the console stays quiet').toEqual([]);
    },
    { auto: true },
  ],

  session: [
    async ({ page, signedInAs }, use) => {
      if (signedInAs !== '') {
        await signIn(page, signedInAs);
      }
      await use();
    },
    { auto: true },
  ],
});

/** Signs in as the sign-in form would, without showing it. */
export async function signIn(page: Page, user: string): Promise<void> {
  const response = await page.request.post('/auth/dev/sign-in', {
    form: { user, return_to: '/' },
    maxRedirects: 0,
  });
  expect(response.status(), `sign in as ${user}`).toBe(303);
}

/** Opens a page and waits until it answers to clicks and keys. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/** Waits until the page has been taken over by the application. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '', { timeout: 30_000 });
}

/** Waits until the example organisation has been read. */
export async function catalogIsLoaded(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const response = await page.request.get('/api/catalog/entities/by-query?limit=0');
      return response.ok() ? ((await response.json()) as { totalItems: number }).totalItems : 0;
    }, { timeout: 30_000 })
    .toBeGreaterThan(150);
}
