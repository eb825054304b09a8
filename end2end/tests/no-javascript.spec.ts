// Reading works without JavaScript.

import { expect, test } from '../support/test';

test.use({ javaScriptEnabled: false });

test('the catalog can be read, filtered and paged', async ({ page }) => {
  await page.goto('/catalog');
  await expect(page.getByRole('heading', { level: 1, name: 'Catalog' })).toBeVisible();
  await page.getByRole('link', { name: /^Domain/ }).click();
  await expect(page).toHaveURL('/catalog?kind=domain');
  await expect(page.locator('tbody tr')).toHaveCount(6);

  await page.getByRole('searchbox', { name: 'Filter by name or title' }).fill('commerce');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=commerce/);
  await expect(page, 'the facet is kept').toHaveURL(/kind=domain/);

  await page.goto('/catalog?kind=component');
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(page).toHaveURL(/page=2/);
});

test('an entity and its relations can be read', async ({ page }) => {
  await page.goto('/catalog/default/component/orders-api');
  await expect(page.getByRole('heading', { level: 1, name: 'Orders API' })).toBeVisible();
  await page.getByRole('link', { name: /Ordering/ }).first().click();
  await expect(page).toHaveURL('/catalog/default/system/ordering');
});

test('search answers a plain form', async ({ page }) => {
  await page.goto('/search?q=outbox');
  await expect(page.getByRole('link', { name: /orders-outbox-publisher/ }).first()).toBeVisible();
});
