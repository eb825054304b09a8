// Full-text search.

import { expect, open, test } from '../support/test';

test('finds as one types, marks what matched, and keeps the words in the URL', async ({ page }) => {
  await open(page, '/search');
  await page.getByRole('searchbox', { name: 'Search the catalog' }).pressSequentially('outbox');
  await expect(page).toHaveURL(/q=outbox/);
  const results = page.getByRole('region', { name: 'Results' });
  await expect(results.getByRole('link', { name: /orders-outbox-publisher/ })).toBeVisible();
  await expect(results.locator('mark').first()).toHaveText(/outbox/i);
});

test('narrows by kind', async ({ page }) => {
  await open(page, '/search?q=orders');
  await page
    .getByRole('complementary', { name: 'Filters' })
    .getByRole('link', { name: /^API/ })
    .click();
  await expect(page).toHaveURL(/kind=api/);
  for (const reference of await page.locator('.hit .mono').allInnerTexts()) {
    expect(reference).toMatch(/^api:/);
  }
});

test('nothing found says how search works', async ({ page }) => {
  await open(page, '/search?q=zzzz-no-such-word');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
});
