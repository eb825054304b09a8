// Signing in at a real OpenID Connect provider, in a portal of its own that is in production mode.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expectAccessibleInEveryTheme, expectNoSidewaysScroll } from '../support/accessibility';
import { expect, hydrated, test } from '../support/test';

const root = resolve(__dirname, '../..');
const binary = process.env.PORTICO_BINARY ?? resolve(root, 'target/debug/portico');
const firstPort = Number(process.env.PORTICO_E2E_PORT ?? '3210') + 100;

let portal = '';
let provider = '';
let folder = '';
const running: ChildProcess[] = [];

test.describe.configure({ mode: 'serial' });
// The browser says of itself where requests come from: there are two origins here.
test.use({ signedInAs: '', extraHTTPHeaders: {} });

async function answers(url: string): Promise<void> {
  await expect
    .poll(async () => fetch(url).then((it) => it.ok, () => false), { timeout: 60_000 })
    .toBe(true);
}

test.beforeAll(async ({}, worker) => {
  const port = firstPort + 2 * worker.workerIndex;
  portal = `http://127.0.0.1:${port}`;
  provider = `http://127.0.0.1:${port + 1}`;
  folder = mkdtempSync(join(tmpdir(), 'portico-oidc-'));
  const issuer = `${provider}/11111111-1111-1111-1111-111111111111/v2.0`;
  const config = join(folder, 'sign-in.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      app: { baseUrl: portal },
      auth: {
        environment: 'production',
        providers: {
          microsoft: {
            production: {
              clientId: 'portal',
              clientSecret: 'portal-secret',
              tenantId: '11111111-1111-1111-1111-111111111111',
              metadataUrl: `${issuer}/.well-known/openid-configuration`,
              // This provider gives no refresh token without.
              prompt: 'consent',
              signIn: { resolvers: [{ resolver: 'emailMatchingUserEntityAnnotation' }] },
            },
          },
        },
      },
    }),
  );
  const idp = spawn(process.execPath, [
    resolve(root, 'end2end/support/oidc-provider.mjs'),
    String(port + 1),
    portal,
  ]);
  const server = spawn(
    binary,
    [
      ...['serve', '--listen', `127.0.0.1:${port}`, '--data', join(folder, 'data')],
      ...['examples/contoso/portico.yaml', 'end2end/portico.yaml', config].flatMap((it) => ['--config', it]),
    ],
    { cwd: root, env: { ...process.env, PORTICO_LOG: 'error' } },
  );
  running.push(idp, server);
  await answers(`${issuer}/.well-known/openid-configuration`);
  await answers(`${portal}/readyz`);
});

test.afterAll(() => {
  running.forEach((it) => it.kill());
  rmSync(folder, { recursive: true, force: true });
});

test('a person signs in at the provider, is who they are in the catalog, and signs out of both', async ({ page }) => {
  await expect(async () => {
    // The example is read after the portal has begun to answer.
    await page.context().clearCookies();
    await page.goto(`${portal}/sign-in?return_to=/catalog`);
    await expect(page.getByText('Development sign-in')).toHaveCount(0);
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
    await page.getByRole('link', { name: 'sofia' }).click();
    await expect(page).toHaveURL(`${portal}/catalog`, { timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await hydrated(page);
  await page.getByRole('button', { name: 'Signed in as Sofia Petrova' }).click();
  await expect(page.getByText('user:default/sofia.petrova')).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await expect(page).toHaveURL(new RegExp(`^${portal}/signed-out`));
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
  await expect(page.getByRole('link', { name: 'sofia' }), 'the provider asks again').toBeVisible();
});

test('somebody who is not in the catalog is told what to do', async ({ page }) => {
  await page.goto(`${portal}/sign-in`);
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
  await page.getByRole('link', { name: 'stranger' }).click();
  await expect(page).toHaveURL(new RegExp(`^${portal}/sign-in\\?error=not-in-catalog`));
  await expect(page.getByRole('alert')).toContainText('You are not in the catalog');
  await expect(page.getByRole('alert')).toContainText('Reference:');
  await expectAccessibleInEveryTheme(page);
  await expectNoSidewaysScroll(page);
});

test('signing in works without JavaScript', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${portal}/sign-in?return_to=/catalog`);
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
  await page.getByRole('link', { name: 'sofia' }).click();
  await expect(page).toHaveURL(`${portal}/catalog`);
  await context.close();
});

test('a provider that is down is explained, and who is signed in goes on working', async ({ browser }) => {
  const [signedIn, late] = [await browser.newContext(), await browser.newContext()];
  const [page, other] = [await signedIn.newPage(), await late.newPage()];
  await page.goto(`${portal}/api/auth/microsoft/start?return_to=/catalog`);
  await page.getByRole('link', { name: 'sofia' }).click();
  await expect(page).toHaveURL(`${portal}/catalog`);
  try {
    await fetch(`${provider}/control/stop`);
    await other.goto(`${portal}/api/auth/microsoft/start`);
    await other.getByRole('link', { name: 'sofia' }).click();
    await expect(other.getByRole('alert')).toContainText('The sign-in provider does not answer');
    await page.reload();
    await expect(page.getByRole('button', { name: 'Signed in as Sofia Petrova' })).toBeVisible();
  } finally {
    await fetch(`${provider}/control/go`);
  }
  await signedIn.close();
  await late.close();
});
