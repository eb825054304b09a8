// The whole life of a plugin on one running portal, from its author's terminal to its end.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { approveAndActivate, built, edit, newAction, portico, unfold, version } from '../support/author';
import { expect, open, people, signIn, test, type Page } from '../support/test';

// A member of a team that owns nothing in the repository.
const outsider = 'user:default/mei.chen';

// Plugins are compiled here, by a compiler of WebAssembly that is a debug build itself.
test.describe.configure({ timeout: 600_000 });

// The browser reports the answers to what is refused on purpose.
test.use({ expectedMessages: [/status of (400|403)/] });

const output = (page: Page) => page.locator('figure', { hasText: 'Output' });

async function run(page: Page): Promise<void> {
  const answered = page.waitForResponse(/run-plugin/);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await answered;
}

async function expectAudited(page: Page, action: string, resource: string): Promise<void> {
  const row = page.getByRole('row').filter({ hasText: action }).filter({ hasText: resource });
  await expect(row.first()).toBeVisible();
}

test('new, build, submit, review, run, audit, upgrade, roll back, stop', async ({ page, baseURL }) => {
  const work = mkdtempSync(join(tmpdir(), 'portico-life-'));
  const url = baseURL ?? '';
  const folder = await newAction(work, 'team:life');
  await portico(folder, 'build');
  expect(await portico(folder, 'submit', 'life.wasm', '--url', url)).toContain('is with the platform team');

  await test.step('it is reviewed and granted what it asks for', async () => {
    await open(page, '/plugins/team:life');
    await expect(page.getByRole('main')).toContainText('To write the greeting');
    await approveAndActivate(page, '0.1.0');
  });

  await test.step('it runs, dry and for real', async () => {
    await open(page, '/plugins/team:life');
    await run(page);
    await expect(output(page)).toContainText('GREETING.md');
    await page.getByLabel(/^Dry run/).uncheck();
    await run(page);
    await expect(output(page)).toContainText('GREETING.md');
  });

  await test.step('its trail is in the audit log', async () => {
    await open(page, '/audit');
    for (const action of ['plugin.submit', 'plugin.manage', 'plugin.run']) {
      await expectAudited(page, action, 'plugin:team:life');
    }
  });

  await test.step('an upgrade that asks for more is not approved by the way', async () => {
    edit(join(folder, 'plugin.toml'), 'version = "0.1.0"', 'version = "0.2.0"');
    edit(
      join(folder, 'plugin.toml'),
      '[[examples]]',
      '[capabilities.log]\nreason = "To say who was greeted"\n\n[[examples]]',
    );
    edit(join(folder, 'src/lib.rs'), 'export, workspace}', 'export, log, workspace}');
    edit(join(folder, 'src/lib.rs'), 'let path =', 'log::info(format!("greeting {}", input.name));\n        let path =');
    await portico(folder, 'build');
    await portico(folder, 'submit', 'life.wasm', '--url', url);

    await open(page, '/plugins/team:life');
    await expect(version(page, '0.2.0')).toContainText('It asks for more than the active version');
    await expect(version(page, '0.2.0')).toContainText('To say who was greeted');
    await (await unfold(page, '0.2.0')).getByRole('button', { name: 'Approve' }).click();
    await expect(page.locator('.toast')).toBeVisible();
    await expect(version(page, '0.2.0').locator('summary').first()).toContainText('submitted');
    await expect(version(page, '0.1.0').locator('summary').first()).toContainText('runs');

    await page.getByLabel('Grant more than the active version has').check();
    await approveAndActivate(page, '0.2.0');
    await open(page, '/plugins/team:life');
    await run(page);
    await expect(page.getByRole('list', { name: 'Log' })).toContainText('greeting Orders');
  });

  await test.step('it is rolled back', async () => {
    await page.getByRole('button', { name: 'Roll back' }).click();
    await expect(version(page, '0.1.0').locator('summary').first()).toContainText('runs');
    await open(page, '/plugins/team:life');
    await run(page);
    await expect(output(page)).toContainText('GREETING.md');
    await expect(page.getByText('greeting Orders')).toBeHidden();
  });

  await test.step('it is stopped, and does not run', async () => {
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByRole('button', { name: 'Enable' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Try it' })).toBeHidden();
    const call = await page.request.post('/api/plugins/team:life/calls', {
      data: { input: { name: 'Orders' } },
      headers: { origin: new URL(url).origin },
    });
    expect(call.status(), 'a stopped plugin takes no calls').toBe(404);
  });
  rmSync(work, { recursive: true });
});

test('a plugin proposes a change, and people merge it', async ({ page, baseURL }, info) => {
  const file = built('add-redis');
  await portico('.', 'submit', file, '--url', baseURL ?? '');
  await open(page, '/plugins/infra:add-redis');
  await approveAndActivate(page, '1.0.0');

  await test.step('a dry run says what it would propose', async () => {
    await open(page, '/plugins/infra:add-redis');
    await run(page);
    await expect(page.locator('figure', { hasText: 'What it would have done' })).toContainText('portico/add-redis');
    await open(page, '/repositories/orders-api/change-requests');
    await expect(page.getByRole('heading', { level: 1, name: 'orders-api' })).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText('Add an Azure Cache for Redis');
  });

  const request = await test.step('a real run proposes it', async () => {
    await open(page, '/plugins/infra:add-redis');
    await page.getByLabel(/^Dry run/).uncheck();
    await run(page);
    await page.getByRole('link', { name: 'See what it made' }).click();
    await expect(page).toHaveURL(/\/repositories\/orders-api\/change-requests\/\d+$/);
    return new URL(page.url()).pathname;
  });

  await test.step('its change request shows the change, on every screen', async () => {
    await open(page, '/catalog/default/component/orders-api');
    await page.getByRole('link', { name: 'Add an Azure Cache for Redis' }).click();
    await expect(page).toHaveURL(request);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Add an Azure Cache for Redis');
    const diff = page.locator('.diff-file', { hasText: 'bicep/main.bicep' });
    await expect(diff.locator('[data-line="added"]').first()).toBeVisible();
    await expect(diff).toContainText('Microsoft.Cache/redis');
    for (const width of [1440, 390]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        await page.screenshot({ path: info.outputPath(`change-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  });

  await test.step('who owns nothing of it may read it and no more', async () => {
    await signIn(page, outsider);
    await open(page, request);
    await expect(page.getByText(/merge or close it/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Merge' })).toBeHidden();
    await signIn(page, people.admin);
  });

  await test.step('it is merged', async () => {
    await open(page, request);
    await page.getByRole('button', { name: 'Merge' }).click();
    const dialog = page.getByRole('dialog', { name: 'Merge this change request' });
    await dialog.getByRole('button', { name: 'Merge' }).click();
    await expect(page.getByRole('main')).toContainText('Merged by');
    await expect(page.getByRole('button', { name: 'Merge' })).toBeHidden();
    await open(page, '/repositories/orders-api?path=bicep/main.bicep');
    await expect(page.locator('pre')).toContainText('Microsoft.Cache/redis');
    await open(page, '/audit');
    await expectAudited(page, 'scm.merge', 'local:orders-api');
  });

  await test.step('the same again is there already', async () => {
    await open(page, '/plugins/infra:add-redis');
    await run(page);
    await expect(page.getByRole('main')).toContainText('already');
  });
});
