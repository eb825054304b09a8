// A plugin from its file to a call and its end, as the platform team sees it.

import { readFileSync } from 'node:fs';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { built } from '../support/author';
import { expect, open, test } from '../support/test';

test('the gallery says how to begin, or what there is', async ({ page }) => {
  await open(page, '/plugins');
  await expect(page.getByRole('heading', { level: 1, name: 'Plugins' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

test('submit, review, approve, run, stop', async ({ page }, info) => {
  // A compiler that is a debug build takes its time.
  test.slow();
  const answer = await page.request.post('/api/plugins/submissions', {
    timeout: 120_000,
    data: readFileSync(built('repo-hygiene')),
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
  const version = page.getByRole('main').locator('summary').first();
  await expect(version).toContainText('approved');
  await version.click();
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
