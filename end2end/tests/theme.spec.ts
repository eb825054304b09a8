// Light, dark, and what the system says.

import { expect, open, test, type Page } from '../support/test';

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test('follows the system until a theme is chosen, and remembers the choice', async ({ page }) => {
  await open(page, '/');
  const light = await background(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background(page);
  expect(dark).not.toBe(light);

  await page.getByRole('button', { name: /Signed in as/ }).click();
  await page.getByText('Light', { exact: true }).click();
  await expect.poll(() => background(page)).toBe(light);

  await page.reload();
  expect(await background(page), 'before the application has started').toBe(light);
});

test('the palette switches the theme', async ({ page }) => {
  await open(page, '/');
  const light = await background(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('theme dark');
  await page.keyboard.press('Enter');
  await expect.poll(() => background(page)).not.toBe(light);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
