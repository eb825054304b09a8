// Registering a location and removing it again.

import { writeFileSync } from 'node:fs';
import { expect, open, test, type Page } from '../support/test';

async function preview(page: Page, target: string): Promise<void> {
  await open(page, '/register');
  await page.getByRole('textbox', { name: 'Location' }).fill(target);
  await page.getByRole('button', { name: 'Preview' }).click();
}

function component(name: string): string {
  return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
spec:
  type: service
  lifecycle: experimental
  owner: orders
`;
}

test('preview, register, find, unregister', async ({ page }, info) => {
  const file = info.outputPath('catalog-info.yaml');
  writeFileSync(file, component('registered-by-a-test'));

  await preview(page, file);
  const table = page.getByRole('region', { name: 'Entities that would appear' });
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(table).toContainText('component:default/registered-by-a-test');
  await expect(table).toContainText('new');
  const before = await page.request.get('/api/catalog/entities/by-name/component/default/registered-by-a-test');
  expect(before.status(), 'a preview stores nothing').toBe(404);

  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Registered' }).first()).toBeVisible();
  await expect
    .poll(async () => {
      const url = '/api/catalog/entities/by-name/component/default/registered-by-a-test';
      return (await page.request.get(url)).status();
    })
    .toBe(200);

  await open(page, '/catalog/default/component/registered-by-a-test');
  await page.getByRole('button', { name: 'Unregister' }).click();
  const dialog = page.getByRole('dialog', { name: 'Unregister' });
  await expect(dialog).toContainText('component:default/registered-by-a-test');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: 'Unregister' }).click();
  await dialog.getByRole('button', { name: 'Unregister' }).click();
  await expect(page).toHaveURL('/catalog');
  const after = await page.request.get('/api/catalog/entities/by-name/component/default/registered-by-a-test');
  expect(after.status()).toBe(404);
});

test('every problem is shown with its place, and the rest stays usable', async ({ page }, info) => {
  const file = info.outputPath('catalog-info.yaml');
  const broken = component('has-no-owner').replace('  owner: orders\n', '');
  writeFileSync(file, `${component('is-fine')}---\n${broken}`);

  await preview(page, file);
  await expect(page.getByRole('heading', { name: /^Problems/ })).toBeVisible();
  await expect(page.getByText(/owner/).first()).toBeVisible();
  await expect(page.getByText(/catalog-info\.yaml:1\d/).first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Entities that would appear' })).toContainText('is-fine');
});

test('a file that is not there is said before anything is stored', async ({ page }, info) => {
  await preview(page, info.outputPath('missing.yaml'));
  await expect(page.getByText(/missing\.yaml/).first()).toBeVisible();
  const register = page.getByRole('button', { name: 'Register', exact: true });
  await expect(register.or(page.getByRole('alert')).first()).toBeVisible();
  if ((await register.count()) > 0) {
    await expect(register).toBeDisabled();
  }
});
