// Every page, in light and dark, wide and narrow: axe finds nothing, nothing sticks out.

import { expectAccessibleInEveryTheme, expectNoSidewaysScroll } from '../support/accessibility';
import { expect, hydrated, open, test, type Page } from '../support/test';

const pages = [
  '/',
  '/catalog',
  '/catalog?kind=component&kind=api&lifecycle=production&owner=group:default/payments&sort=owner&desc=true',
  '/catalog?q=no-such-thing-anywhere',
  '/catalog/default/component/orders-api',
  '/catalog/default/component/orders-api/relations',
  '/catalog/default/component/orders-api/source',
  '/catalog/default/component/orders-api/no-such-tab',
  '/catalog/default/system/ordering',
  '/catalog/default/api/orders',
  '/catalog/default/api/orders/definition',
  '/catalog/default/resource/orders-sql-prod',
  '/catalog/default/domain/commerce',
  '/catalog/default/template/dotnet-service',
  '/catalog/default/group/orders',
  '/catalog/default/user/sofia.petrova',
  '/create',
  '/create?for=component:default/orders-api',
  '/create/actions',
  '/create/default/provision-secret',
  '/create/default/dotnet-service',
  '/tasks',
  '/register',
  '/register?target=ftp:%2F%2Fexample.com%2Fcatalog-info.yaml',
  '/search',
  '/search?q=orders',
  '/search?q=no-such-thing-anywhere',
  '/sources',
  '/plugins',
  '/plugins/submit',
  '/plugins/connections',
  '/plugins/publishers',
  '/repositories',
  '/repositories/orders-api',
  '/repositories/orders-api?path=bicep/main.bicep',
  '/repositories/orders-api?path=catalog-info.yaml',
  '/repositories/orders-api/branches',
  '/repositories/orders-api/change-requests?state=closed',
  '/repositories/orders-api/no-such-tab',
  '/audit',
  '/audit?decision=deny',
  '/policies',
  '/policies/versions',
  '/policies/why?principal=user:default/sofia.petrova&action=catalog.entity.delete&resource=component:default/orders-api',
  '/settings/sessions',
  '/settings/tokens',
  '/settings/service-tokens',
  '/signed-out',
  '/docs/api',
  '/sign-in',
  '/sign-in?error=not-in-catalog&reference=018f3c5e-7a1b-7c3d-9e4f-0123456789ab',
  '/sign-in?error=provider-unavailable',
];

for (const path of pages) {
  test(`${path} @look`, async ({ page }) => {
    // It lists every endpoint of the API, and axe looks at every element.
    test.slow(path === '/docs/api');
    await expectWellMade(page, path);
  });
}

test.describe('what is not there', () => {
  // The browser reports the status of the document itself.
  test.use({ expectedMessages: [/status of 404/] });

  for (const path of ['/no/such/page', '/catalog/default/component/no-such-component']) {
    test(`${path} @look`, async ({ page }) => {
      await open(page, path);
      await expectNoSidewaysScroll(page);
      await expectAccessibleInEveryTheme(page);
    });
  }
});

// It shows every component twice, once in each theme, so neither the names of landmarks nor
// the heading of an error's specimen can be unique.
test('/_components @look', async ({ page }) => {
  await open(page, '/_components');
  await expectNoSidewaysScroll(page);
  await expectAccessibleInEveryTheme(page, ['landmark-unique']);
});

test('the palette is accessible @look', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('orders');
  await expect(page.getByRole('option').nth(2)).toBeVisible();
  await expectAccessibleInEveryTheme(page);
});

test('the filters unfold on phones @phone', async ({ page }) => {
  await open(page, '/catalog');
  await page.getByText('Filters', { exact: true }).click();
  await expect(page.getByRole('link', { name: /^Component/ })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessibleInEveryTheme(page);
});

test('the side bar is a sheet on phones @phone', async ({ page }) => {
  await open(page, '/');
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation).toBeHidden();
  await page.getByRole('button', { name: 'Menu' }).click();
  await expect(navigation).toBeVisible();
  await expectAccessibleInEveryTheme(page);
  await navigation.getByRole('link', { name: 'Catalog' }).click();
  await expect(page).toHaveURL('/catalog');
  await hydrated(page);
  await expect(navigation).toBeHidden();
});

async function expectWellMade(page: Page, path: string): Promise<void> {
  await open(page, path);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expectNoSidewaysScroll(page);
  await expectAccessibleInEveryTheme(page);
}
