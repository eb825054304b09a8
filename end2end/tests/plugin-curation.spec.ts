// What the platform team keeps and decides about plugins, in forms.

import { readFileSync } from 'node:fs';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { built } from '../support/author';
import { expect, hydrated, open, people, test, type Page } from '../support/test';

const publicKey = 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3';

function headers(): Record<string, string> {
  return { origin: new URL(test.info().project.use.baseURL ?? '').origin };
}

/** Hands a file in, as `portico plugin submit` does. */
async function submit(page: Page, file: Buffer): Promise<void> {
  const answer = await page.request.post('/api/plugins/submissions', {
    timeout: 120_000,
    data: file,
    headers: { 'content-type': 'application/wasm', ...headers() },
  });
  expect(answer.status(), await answer.text()).toBe(201);
}

test('connections are added, changed and removed', async ({ page }) => {
  await open(page, '/plugins');
  await page.getByRole('link', { name: 'Connections' }).click();
  await expect(page).toHaveURL('/plugins/connections');
  await expect(page.getByRole('heading', { level: 1, name: 'Connections' })).toBeVisible();

  await page.getByRole('button', { name: 'Add a connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connection' });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Inventory');
  await dialog.getByRole('textbox', { name: 'Base URL' }).fill('inventory.example.com');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/lower-case letters, digits and hyphens$/).first()).toBeVisible();
  await expect(dialog.getByText(/is not a URL/)).toBeVisible();
  await expect(dialog.getByText('choose the secret to sign in with')).toBeVisible();
  await expectAccessible(page);

  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('inventory');
  await dialog.getByRole('textbox', { name: 'Base URL' }).fill('https://inventory.example.com/api');
  await dialog.getByLabel('Signs in with').selectOption({ label: 'Not at all' });
  await expect(dialog.getByLabel('Secret')).toBeHidden();
  await dialog.getByRole('button', { name: 'Save' }).click();
  const row = page.getByRole('row', { name: /inventory/ });
  await expect(row).toContainText('https://inventory.example.com/api');
  await expect(row).toContainText('no plugin');

  await row.getByRole('button', { name: 'Edit inventory' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Base URL' })).toHaveValue('https://inventory.example.com/api');
  await dialog.getByLabel('It is in a private network').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('allowed');

  await row.getByRole('button', { name: 'Delete inventory' }).click();
  await page.getByRole('dialog', { name: 'Delete the connection?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(row).toBeHidden();
});

test.describe('keys', () => {
  // The browser reports that a key without a reason is not revoked.
  test.use({ expectedMessages: [/status of 400/] });

  test('are trusted and revoked', async ({ page }) => {
    await open(page, '/plugins/publishers');
    await page.getByRole('button', { name: 'Trust a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Trust a key' });
    await dialog.getByRole('textbox', { name: 'Publisher' }).fill('fabrikam');
    await dialog.getByRole('textbox', { name: 'Public key' }).fill('not a key');
    await dialog.getByRole('button', { name: 'Trust it' }).click();
    await expect(dialog.getByText(/is not a minisign public key/)).toBeVisible();
    await expectAccessible(page);

    await dialog.getByRole('textbox', { name: 'Public key' }).fill(`untrusted comment: a key\n${publicKey}\n`);
    await dialog.getByRole('textbox', { name: /Namespaces/ }).fill('infra, quality');
    await dialog.getByRole('button', { name: 'Trust it' }).click();
    const row = page.getByRole('row', { name: /fabrikam/ });
    await expect(row).toContainText('infra, quality');
    await expect(row).toContainText('trusted');
    await expect(row).toContainText('ines.carvalho');

    await row.getByRole('button', { name: 'Revoke' }).click();
    const revoke = page.getByRole('dialog', { name: 'Revoke the key?' });
    await revoke.getByRole('button', { name: 'Revoke' }).click();
    await expect(revoke.getByText(/say why/)).toBeVisible();
    await revoke.getByRole('textbox', { name: 'Reason' }).fill('lost laptop');
    await revoke.getByRole('button', { name: 'Revoke' }).click();
    await expect(row).toContainText('revoked');
    await expect(row).toContainText('lost laptop');
  });
});

test.describe('others', () => {
  // The browser reports the status of the document itself.
  test.use({ signedInAs: people.engineer, expectedMessages: [/status of 403/] });

  test('keep neither connections nor keys', async ({ page }) => {
    await open(page, '/plugins');
    await expect(page.getByRole('link', { name: 'Submit a plugin' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Connections' })).toBeHidden();
    await expect(page.getByRole('link', { name: 'Publisher keys' })).toBeHidden();
    const response = await page.goto('/plugins/connections');
    expect(response?.status()).toBe(403);
  });
});

test.describe('a file', () => {
  test.use({ expectedMessages: [/status of 422/] });

  test('is handed in on a page', async ({ page }) => {
    test.slow();
    await open(page, '/plugins');
    await page.getByRole('link', { name: 'Submit a plugin' }).click();
    await expect(page).toHaveURL('/plugins/submit');
    await hydrated(page);
    const chooser = page.getByLabel('Drop a file here, or choose one');
    await chooser.setInputFiles({ name: 'notes.wasm', mimeType: 'application/wasm', buffer: Buffer.from('notes') });
    await expect(page.getByText('notes.wasm cannot be a plugin here')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Findings' })).toContainText('error');
    await expectAccessible(page);

    await chooser.setInputFiles(built('dotnet-version'));
    await expect(page.getByText('waits for review')).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole('list', { name: 'Findings' })).toContainText('nobody has signed this file');
    await page.getByRole('link', { name: 'Open its page' }).click();
    await expect(page).toHaveURL(/\/plugins\/quality:dotnet-version/);
    await expect(page.getByRole('main')).toContainText('submitted');
  });
});

test('a version is approved with a form', async ({ page }, info) => {
  test.slow();
  const kept = await page.request.put('/api/plugins/connections/cmdb', {
    data: { baseUrl: 'https://cmdb.example.com/api' },
    headers: headers(),
  });
  expect(kept.status(), await kept.text()).toBe(204);
  await submit(page, readFileSync(built('cmdb-json')));

  await open(page, '/plugins/cmdb:json');
  // Each capability has its switch, and says why it is asked for.
  const http = page.getByRole('group', { name: /^http: / });
  await expect(http).toContainText('the connection that the configuration names');
  await http.getByRole('checkbox', { name: 'cmdb' }).check();
  await page.getByRole('switch', { name: /^log: / }).uncheck();
  await page.getByRole('switch', { name: /^log: / }).check();

  // What is missing is said when one tries, and the first of it has the focus.
  await page.getByRole('button', { name: 'Approve' }).click();
  const connection = page.getByRole('textbox', { name: 'Connection', exact: true });
  await expect(connection).toBeFocused();
  await expect(page.getByText('This is needed').first()).toBeVisible();
  await connection.fill('cmdb');
  await page.getByRole('textbox', { name: 'Path', exact: true }).fill('/servers');
  await page.getByRole('textbox', { name: 'Kind', exact: true }).fill('resource');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('/hostname');
  await page.getByRole('group', { name: 'Fields' }).getByRole('button', { name: 'Add' }).click();
  await page.getByRole('group', { name: 'Fields' }).getByRole('textbox', { name: 'Name' }).fill('spec.owner');
  await page.getByRole('group', { name: 'Fields' }).getByRole('textbox', { name: 'Value' }).fill('/team');
  await page.getByText('Limits', { exact: true }).click();
  const memory = page.getByRole('textbox', { name: 'Memory (MiB)' });
  await expect(memory).toHaveValue('128');
  await memory.fill('lots');
  await expect(page.getByText('This is not a number')).toBeVisible();
  await memory.fill('96');
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.screenshot({ path: info.outputPath('approve.png'), fullPage: true });
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByRole('main')).toContainText('approved');

  const detail = await page.request.get('/api/plugins/cmdb:json');
  const version = ((await detail.json()) as { versions: Record<string, unknown>[] }).versions[0];
  expect(version).toMatchObject({
    status: 'approved',
    grants: { http: { connections: ['cmdb'] }, log: true, config: true },
    limits: { memoryBytes: 96 * 1024 * 1024 },
    config: { connection: 'cmdb', path: '/servers', fields: { 'spec.owner': '/team' } },
  });
  await open(page, '/plugins/connections');
  await expect(page.getByRole('row', { name: /cmdb\.example/ })).toContainText('cmdb:json');

  // Somebody who knows JSON better writes it.
  await open(page, '/plugins/cmdb:json');
  await page.getByRole('main').locator('summary').first().click();
  await page.getByRole('button', { name: 'Edit as JSON' }).nth(1).click();
  await expect(page.getByRole('textbox', { name: 'Configuration' })).toHaveValue(/"path": "\/servers"/);
});

test('an action is tried with a form', async ({ page }) => {
  test.slow();
  // Under an id of its own, as long as the other: another test has one life of add-redis.
  const file = readFileSync(built('add-redis')).toString('latin1').replace('infra:add-redis', 'infra:try-redis');
  await submit(page, Buffer.from(file, 'latin1'));
  await open(page, '/plugins/infra:try-redis');
  await page.getByRole('button', { name: 'Approve' }).click();
  const version = page.getByRole('main').locator('summary').first();
  await expect(version).toContainText('approved');
  await version.click();
  await page.getByRole('button', { name: 'Activate' }).click();
  await expect(page.getByRole('heading', { name: 'Try it' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Repository', exact: true })).toHaveValue('local:orders-api');
  await page.getByRole('button', { name: 'A replicated cache' }).click();
  await expect(page.getByLabel(/^Sku/)).toHaveValue('1');
  await expect(page.getByRole('textbox', { name: /^Capacity/ })).toHaveValue('2');
  await page.getByRole('textbox', { name: /^Capacity/ }).fill('7');
  await expect(page.getByText('At most 6')).toBeVisible();
  await page.getByRole('textbox', { name: /^Capacity/ }).fill('3');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/host calls$/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'How it is doing on this replica' })).toBeVisible();
  await expectAccessible(page);
});
