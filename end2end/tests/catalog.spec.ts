// The catalog table: facets, text, sorting, columns, paging, and all of it in the URL.

import { expect, open, test, type Page } from '../support/test';

const rows = (page: Page) => page.getByRole('region', { name: /entities/i }).locator('tbody tr');
const facet = (page: Page, name: RegExp) =>
  page.getByRole('complementary', { name: 'Filters' }).getByRole('link', { name });

test('a facet narrows the table, shows in the URL, and can be removed', async ({ page }) => {
  await open(page, '/catalog');
  await facet(page, /^System\s*13$/).click();
  await expect(page).toHaveURL(/kind=system/);
  await expect(rows(page)).toHaveCount(13);
  await expect(page.getByText('1–13 of 13')).toBeVisible();

  await page.getByRole('link', { name: /Remove filter Kind/ }).click();
  await expect(page).toHaveURL('/catalog');
  await expect(page.getByText(/^1–\d+ of 2\d\d$/)).toBeVisible();
});

test('two values of one facet widen, two facets narrow', async ({ page }) => {
  await open(page, '/catalog?kind=system&kind=domain');
  await expect(rows(page)).toHaveCount(19);
  await open(page, '/catalog?kind=component&lifecycle=deprecated');
  for (const row of await rows(page).all()) {
    await expect(row).toContainText(/deprecated/i);
  }
});

test('typing filters the rows and keeps the focus', async ({ page }) => {
  await open(page, '/catalog');
  const filter = page.getByRole('searchbox', { name: 'Filter by name or title' });
  await filter.pressSequentially('orders-api-');
  await expect(page).toHaveURL(/q=orders-api-/);
  await expect(rows(page).first()).toContainText('orders-api-');
  await expect(filter).toBeFocused();
  await expect(filter).toHaveValue('orders-api-');
});

test('back and forward walk through the states of the table', async ({ page }) => {
  await open(page, '/catalog');
  await facet(page, /^Domain/).click();
  await expect(rows(page)).toHaveCount(6);
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click();
  await expect(page).toHaveURL(/desc=true/);

  await page.goBack();
  await expect(page).toHaveURL('/catalog?kind=domain');
  await page.goBack();
  await expect(page).toHaveURL('/catalog');
  await page.goForward();
  await expect(rows(page)).toHaveCount(6);
});

test('sorting by name turns round on the second click', async ({ page }) => {
  await open(page, '/catalog?kind=domain');
  const names = () => rows(page).locator('[data-row-link]').allInnerTexts();
  const name = page.getByRole('columnheader', { name: 'Name' });
  await expect(name).toHaveAttribute('aria-sort', 'ascending');
  const ascending = await names();
  await name.getByRole('link').click();
  await expect(name).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(names).toEqual([...ascending].reverse());
});

test('paging shows every entity once', async ({ page }) => {
  await open(page, '/catalog?kind=component');
  const seen = new Set(await rows(page).locator('[data-row-link]').allInnerTexts());
  const first = seen.size;
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.getByText(new RegExp(`^${first + 1}–`))).toBeVisible();
  for (const name of await rows(page).locator('[data-row-link]').allInnerTexts()) {
    expect(seen.has(name), `${name} is on both pages`).toBe(false);
    seen.add(name);
  }
  await page.getByRole('link', { name: 'Previous page' }).click();
  await expect(page).not.toHaveURL(/page=/);
});

test('a hidden column stays hidden in a shared URL', async ({ page }) => {
  await open(page, '/catalog?kind=component');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('link', { name: 'System' }).last().click();
  await expect(page).toHaveURL(/hide=system/);
  await expect(page.getByRole('columnheader', { name: 'System' })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'System' })).toHaveCount(0);
});

test('a starred entity is found again', async ({ page }) => {
  await open(page, '/catalog?kind=domain');
  const row = rows(page).nth(1);
  const name = await row.locator('[data-row-link]').innerText();
  await row.getByRole('button', { name: /star/i }).click();
  await expect(row.getByRole('button', { name: /star/i })).toHaveAttribute('aria-pressed', 'true');

  await open(page, '/catalog?starred=true');
  await expect(rows(page).filter({ hasText: name })).toHaveCount(1);
  await rows(page).filter({ hasText: name }).getByRole('button', { name: /star/i }).click();
});

test('nothing found says what to do next', async ({ page }) => {
  await open(page, '/catalog?q=no-such-thing-anywhere');
  await expect(page.getByRole('heading', { name: 'Nothing matches these filters' })).toBeVisible();
  await page.getByRole('link', { name: 'Clear all filters' }).click();
  await expect(page).toHaveURL('/catalog');
});
