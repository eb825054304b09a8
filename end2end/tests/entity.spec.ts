// The page of one entity: who owns it, how it fits, what is wrong, where it comes from.

import { expect, open, people, test, type Page } from '../support/test';

const card = (page: Page, title: string) =>
  page.locator('section, article, div.card').filter({ has: page.getByRole('heading', { name: title }) }).last();

test('the header answers who and what', async ({ page }) => {
  await open(page, '/catalog/default/component/orders-api');
  await expect(page).toHaveTitle(/^Orders API · /);
  await expect(page.getByRole('heading', { level: 1, name: 'Orders API' })).toBeVisible();
  await expect(page.getByText('component:default/orders-api').first()).toBeVisible();
  const header = page.locator('.entity-header');
  await expect(header.getByRole('link', { name: 'Orders', exact: true })).toHaveAttribute(
    'href',
    '/catalog/default/group/orders',
  );
  await expect(header.getByText('production')).toBeVisible();
  await expect(header.getByRole('link', { name: 'event-driven' })).toHaveAttribute(
    'href',
    '/catalog?tag=event-driven',
  );
});

test('relations lead to the other end, and back', async ({ page }) => {
  await open(page, '/catalog/default/component/orders-api');
  await card(page, 'Provides').getByRole('link', { name: 'Orders API' }).click();
  await expect(page).toHaveURL('/catalog/default/api/orders');
  await card(page, 'Provided by').getByRole('link', { name: 'Orders API' }).click();
  await expect(page).toHaveURL('/catalog/default/component/orders-api');
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Provided by' })).toBeVisible();
});

test('a group shows its members and what it owns', async ({ page }) => {
  await open(page, '/catalog/default/group/orders');
  await expect(card(page, 'Members').getByRole('link', { name: 'Sofia Petrova' })).toBeVisible();
  await expect(card(page, 'Owns').getByRole('link').first()).toBeVisible();
});

test('what a relation names but nobody delivers is said', async ({ page }) => {
  await open(page, '/catalog/default/component/returns-api');
  await expect(card(page, 'Depends on').getByText('not in the catalog')).toBeVisible();
});

test('an owner that does not exist is said', async ({ page }) => {
  await open(page, '/catalog/default/component/gift-card-api');
  await expect(page.getByText('no such owner')).toBeVisible();
});

test('the tabs are pages', async ({ page }) => {
  await open(page, '/catalog/default/api/orders');
  const tabs = page.getByRole('navigation', { name: 'Entity' });
  await tabs.getByRole('link', { name: 'Definition' }).click();
  await expect(page).toHaveURL('/catalog/default/api/orders/definition');
  await expect(page.locator('pre').getByText('openapi:')).toBeVisible();
  await tabs.getByRole('link', { name: /Relations/ }).click();
  await expect(page).toHaveURL('/catalog/default/api/orders/relations');
  await page.goBack();
  await expect(page.locator('pre').getByText('openapi:')).toBeVisible();
});

test('the source shows its text and how it got here', async ({ page }) => {
  await open(page, '/catalog/default/component/orders-api/source');
  await expect(page.locator('pre')).toContainText('kind: Component');
  await expect(page.locator('pre')).toContainText('name: orders-api');
  await expect(page.getByText(/services\/orders-api\/catalog-info\.yaml/).first()).toBeVisible();
});

test('an administrator may refresh', async ({ page }) => {
  await open(page, '/catalog/default/component/orders-api');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByText('Reading the source again')).toBeVisible();
});

test.describe('a person of another team', () => {
  test.use({ signedInAs: people.engineer });

  test('reads, and is offered nothing they may not do', async ({ page }) => {
    await open(page, '/catalog/default/component/card-payments');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Unregister' })).toHaveCount(0);

    await open(page, '/catalog/default/component/orders-api');
    await expect(page.getByRole('button', { name: 'Refresh' })).toBeVisible();
  });
});
