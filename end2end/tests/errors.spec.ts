// What people see when something is not there.

import { expect, open, test } from '../support/test';

test.describe('an address without a page', () => {
  // The browser reports the status of the document itself.
  test.use({ expectedMessages: [/status of 404/] });

  test('is answered with 404 and ways on', async ({ page }) => {
    const response = await page.goto('/no/such/page');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'There is no page at this address' })).toBeVisible();
    await page.getByRole('link', { name: 'Browse the catalog' }).click();
    await expect(page).toHaveURL('/catalog');
  });

  test('an entity that does not exist is named', async ({ page }) => {
    const response = await page.goto('/catalog/default/component/no-such-component');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('alert')).toContainText('no-such-component');
  });
});

test('nonsense in the URL of the catalog shows the catalog', async ({ page }) => {
  await open(page, '/catalog?page=minus-one&kind=&sort=colour');
  await expect(page.locator('tbody tr').first()).toBeVisible();
});
