// A facet with many values shows the most useful ones, and all of them when one asks.

import { expect, open, test, type Page } from '../support/test';

const group = (page: Page) =>
  page.getByRole('complementary', { name: 'Filters' }).locator('details.facet', { has: page.getByText('Owner', { exact: true }) });
const values = (page: Page) => group(page).locator('.facet-option');
const more = (page: Page) => group(page).getByRole('link', { name: /^Owner: \d+ more$/ });
const fewer = (page: Page) => group(page).getByRole('link', { name: 'Owner: Show fewer' });

/** Unfolds the owners and folds them again, with links only. */
async function unfoldAndFold(page: Page): Promise<void> {
  const few = await values(page).allInnerTexts();
  const hidden = Number.parseInt(await more(page).innerText(), 10);
  expect(hidden).toBeGreaterThan(0);
  await more(page).click();
  await expect(values(page)).toHaveCount(few.length + hidden);
  expect((await values(page).allInnerTexts()).slice(0, few.length), 'the first ones stay').toEqual(few);
  await expect(more(page)).toHaveCount(0);
  await fewer(page).click();
  await expect(values(page)).toHaveCount(few.length);
  await expect(more(page)).toHaveText(`${hidden} more`);
}

test('owners are unfolded and folded again', async ({ page }) => {
  await open(page, '/catalog');
  await unfoldAndFold(page);
});

test('an unfolded facet stays so when the table is narrowed, and in a shared URL', async ({ page }) => {
  await open(page, '/catalog?kind=component');
  await more(page).click();
  await expect(fewer(page)).toBeVisible();
  const last = values(page).last();
  const name = (await last.locator('.truncate').innerText()).trim();
  await last.click();
  await expect(page.getByRole('link', { name: /Remove filter Owner/ })).toBeVisible();
  await expect(fewer(page)).toBeVisible();
  await page.reload();
  await expect(fewer(page)).toBeVisible();
  await expect(group(page).locator('[aria-current]')).toContainText(name);

  await fewer(page).click();
  await expect(fewer(page)).toHaveCount(0);
  await expect(group(page).locator('[aria-current]'), 'what is chosen is never hidden').toContainText(name);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('owners are unfolded and folded again', async ({ page }) => {
    await page.goto('/catalog');
    await unfoldAndFold(page);
  });
});
