// The whole portal without a mouse.

import { expect, open, test } from '../support/test';

test('the palette leads to an entity', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('orders-outbox');
  await expect(palette.getByRole('option', { name: /orders-outbox-publisher/ })).toBeVisible();
  await expect(palette.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/catalog/default/component/orders-outbox-publisher');
  await expect(palette).toBeHidden();
});

test('the palette opens pages and closes on Escape', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await expect(palette).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('register');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/register');
});

test('the palette opens while Caps Lock is on', async ({ page }) => {
  await open(page, '/');
  // What a browser sends then: the key is the capital letter.
  await page.evaluate(() => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'K', ctrlKey: true, bubbles: true }));
  });
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
});

test('two keys lead to a page', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page).toHaveURL('/catalog');
});

test('slash focuses the filter, j and k walk the rows, Enter opens one', async ({ page }) => {
  await open(page, '/catalog?kind=system');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.press('Escape');
  await page.locator('h1').click();

  const links = page.locator('[data-row-link] a');
  await page.keyboard.press('j');
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(links.nth(0)).toBeFocused();
  const target = await links.nth(0).getAttribute('href');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(target ?? 'no link');
});

test('question mark lists the shortcuts', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toBeVisible();
  await expect(help.getByText('Command palette (Ctrl K)')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
});

test('the first stop of the Tab key skips to the content', async ({ page }) => {
  await open(page, '/catalog');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

test('what has the focus can be seen', async ({ page }) => {
  await open(page, '/catalog');
  for (let stop = 0; stop < 12; stop += 1) {
    await page.keyboard.press('Tab');
    const visible = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return true;
      const style = getComputedStyle(element);
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    });
    expect(visible, `stop ${stop} of the Tab key shows its focus`).toBe(true);
  }
});
