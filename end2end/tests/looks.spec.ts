// Every page, in light and dark, wide and narrow: axe finds nothing, nothing sticks out.

import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { expect, hydrated, open, test } from '../support/test';

const pages = [
  '/',
  '/catalog',
  '/catalog?q=no-such-thing-anywhere',
  '/catalog/default/component/orders-api',
  '/catalog/default/component/orders-api/source',
  '/catalog/default/system/ordering',
  '/catalog/default/api/orders',
  '/catalog/default/group/orders',
  '/catalog/default/user/sofia.petrova',
  '/register',
  '/search?q=orders',
  '/sources',
  '/audit',
  '/sign-in',
];

for (const path of pages) {
  test(`${path} @look`, async ({ page }) => {
    await open(page, path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
}

// It shows every component twice, once in each theme, so its landmarks cannot be unique.
test('the component gallery fits the screen @look', async ({ page }) => {
  await open(page, '/_components');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expectNoSidewaysScroll(page);
});

test('the palette is accessible @look', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('orders');
  await expect(page.getByRole('option').nth(2)).toBeVisible();
  await expectAccessible(page);
});

test('the side bar is a sheet on phones @phone', async ({ page }) => {
  await open(page, '/');
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation).toBeHidden();
  await page.getByRole('button', { name: 'Menu' }).click();
  await navigation.getByRole('link', { name: 'Catalog' }).click();
  await expect(page).toHaveURL('/catalog');
  await hydrated(page);
  await expect(navigation).toBeHidden();
});
