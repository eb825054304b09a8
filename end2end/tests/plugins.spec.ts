// A plugin from its file to a call and its end, as the platform team sees it.

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { expect, open, test } from '../support/test';

// `cargo xtask plugins` builds it.
const file = resolve(__dirname, '../../target/plugins/repo-hygiene.wasm');

test('the gallery says how to begin, or what there is', async ({ page }) => {
  await open(page, '/plugins');
  await expect(page.getByRole('heading', { level: 1, name: 'Plugins' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

test('submit, review, approve, run, stop', async ({ page }, info) => {
  test.skip(info.project.name !== 'desktop-light', 'one portal, one life of a plugin');
  test.skip(!existsSync(file), 'build the plugins first, with `cargo xtask plugins`');
  // A compiler that is a debug build takes its time.
  test.slow();
  const answer = await page.request.post('/api/plugins/submissions', {
    timeout: 120_000,
    data: readFileSync(file),
    headers: { 'content-type': 'application/wasm', origin: new URL(info.project.use.baseURL ?? '').origin },
  });
  expect(answer.status(), await answer.text()).toBe(201);

  await open(page, '/plugins');
  const waiting = page.getByRole('region', { name: 'Waiting for review' }).or(page.locator('.card').first());
  await expect(waiting.first()).toContainText('quality:repo-hygiene');
  await page.getByRole('main').getByRole('link', { name: 'Repository hygiene' }).click();
  await expect(page).toHaveURL(/\/plugins\/quality/);
  await expect(page.getByRole('main')).toContainText('submitted');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('main').locator('summary').first().click();
  await page.getByRole('button', { name: 'Activate' }).click();
  await expect(page.getByRole('heading', { name: 'Try it' })).toBeVisible();

  await page.getByRole('textbox', { name: 'Entity' }).fill('component:default/orders-api');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('main')).toContainText('"verdict"');
  await page.screenshot({ path: info.outputPath('plugin.png'), fullPage: true });

  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Enable' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Try it' })).toBeHidden();
  const call = await page.request.post('/api/plugins/quality:repo-hygiene/calls', {
    data: { entity: 'component:default/orders-api' },
    headers: { origin: new URL(info.project.use.baseURL ?? '').origin },
  });
  expect(call.status(), 'a stopped plugin takes no calls').toBe(404);
});
