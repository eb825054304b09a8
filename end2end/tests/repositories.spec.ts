// The repositories that the portal keeps itself: list, files, branches, change requests.

import { expectAccessibleInEveryTheme, expectNoSidewaysScroll } from '../support/accessibility';
import { expect, open, test } from '../support/test';

const orders = '/repositories/orders-api';

test('from the list to a file and back', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Repositories' }).click();
  await expect(page).toHaveURL('/repositories');
  const row = page.getByRole('row', { name: /orders-api/ });
  await expect(row).toContainText('main');
  await row.getByRole('link', { name: 'orders-api', exact: true }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'orders-api' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('local:orders-api');
  const files = page.getByRole('region', { name: 'Files' });
  await expect(files.getByRole('link').first()).toHaveText('bicep');
  await expect(page.getByRole('heading', { level: 2, name: 'README.md' })).toBeVisible();

  await files.getByRole('link', { name: 'bicep' }).click();
  await expect(page).toHaveURL(`${orders}?path=bicep`);
  await files.getByRole('link', { name: 'main.bicep' }).click();
  await expect(page).toHaveURL(`${orders}?path=bicep/main.bicep`);
  await expect(page.locator('pre')).toContainText('param');
  await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: 'bicep' }).click();
  await expect(page).toHaveURL(`${orders}?path=bicep`);
});

test('branches lead to their files', async ({ page }) => {
  await open(page, `${orders}/branches`);
  const row = page.getByRole('row', { name: /main/ });
  await expect(row).toContainText('default');
  await row.getByRole('link', { name: 'main' }).click();
  await expect(page).toHaveURL(orders);
  await page.getByRole('button', { name: 'main' }).click();
  await expect(page.locator('#branch-menu').getByRole('link', { name: 'main' })).toHaveAttribute('aria-current', 'true');
});

test('change requests are listed by state', async ({ page }) => {
  await open(page, '/repositories/web-shop/change-requests');
  const states = page.getByRole('navigation', { name: 'State' });
  await expect(states.getByRole('link', { name: 'Open' })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByText('No open change requests')).toBeVisible();
  await states.getByRole('link', { name: 'Merged' }).click();
  await expect(page).toHaveURL('/repositories/web-shop/change-requests?state=merged');
  await expect(page.getByText('Nothing was merged yet')).toBeVisible();
});

test('an entity leads to its repository', async ({ page }) => {
  await open(page, '/catalog/default/component/orders-api');
  const card = page.locator('.card', { has: page.getByRole('heading', { name: 'Repository', exact: true }) });
  await card.getByRole('link', { name: 'orders-api' }).click();
  await expect(page).toHaveURL(orders);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('files can be read', async ({ page }) => {
    await page.goto(`${orders}?path=catalog-info.yaml`);
    await expect(page.locator('pre')).toContainText('kind: Component');
  });
});

test.describe('what is not there', () => {
  // The browser reports the status of the document itself.
  test.use({ expectedMessages: [/status of 404/] });

  for (const path of [
    '/repositories/no-such-repository',
    `${orders}?path=no/such/file.txt`,
    `${orders}?ref=no-such-branch`,
    `${orders}/change-requests/4711`,
  ]) {
    test(`${path} @look`, async ({ page }) => {
      const answer = await page.goto(path);
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole('alert')).toContainText('Not found');
      await expectNoSidewaysScroll(page);
      await expectAccessibleInEveryTheme(page);
    });
  }
});
