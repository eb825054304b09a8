// From a form to a repository and its entry in the catalog.

import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { catalogIsLoaded, expect, hydrated, open, people, signIn, test } from '../support/test';

const form = '/create/default/dotnet-service';

test('a service is created, and is in the catalog', async ({ page }) => {
  test.slow();
  await signIn(page, people.engineer);
  await catalogIsLoaded(page);
  await open(page, '/create');
  await page.getByRole('link', { name: 'Choose .NET Web API' }).click();
  await expect(page).toHaveURL(form);

  await test.step('the form says what is missing', async () => {
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByText('This is needed').first()).toBeVisible();
    await page.getByLabel('Name').fill('Loyalty Points');
    await expect(page.getByRole('alert').filter({ hasText: /pattern|look like|match/i })).toBeVisible();
  });

  await page.getByLabel('Name').fill('loyalty-points');
  await page.getByLabel('Description').fill('Counts what customers earn.');
  await page.getByRole('combobox', { name: 'Owner' }).fill('orders');
  await page.getByRole('option', { name: 'Orders', exact: true }).click();
  await page.getByRole('combobox', { name: 'System' }).focus();
  await page.getByRole('option', { name: 'Ordering' }).click();
  await page.getByRole('button', { name: 'Next' }).click();

  await test.step('what was entered is there after a reload', async () => {
    await page.reload();
    await hydrated(page);
    await expect(page.getByText('You had begun this form')).toBeVisible();
    await expect(page.getByLabel('Name')).toHaveValue('loyalty-points');
    await page.getByRole('button', { name: 'Next' }).click();
  });

  await page.getByLabel('Tier').selectOption({ label: 'Tier 3: only colleagues notice' });
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByLabel('Host')).toBeVisible();
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('main')).toContainText('SystemOrdering');

  await test.step('a dry run shows files and effects, and does nothing', async () => {
    await page.getByRole('button', { name: 'Dry run' }).click();
    await expect(page.getByText('It would work')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('list', { name: 'Effects' })).toContainText('local:loyalty-points');
    await page.locator('summary', { hasText: 'Program.cs' }).click();
    await expectAccessible(page);
    const repository = await page.request.get('/api/scm/repositories/loyalty-points');
    expect(repository.status()).toBe(404);
  });

  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page).toHaveURL(/\/tasks\//);
  await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('list', { name: 'Steps' }).getByText('(completed)')).toHaveCount(4);
  await expect(page.getByRole('log')).toContainText('registered local:loyalty-points');
  await expect(page.getByText('CODEOWNERS')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  await test.step('it is in the catalog, with its owner and its system', async () => {
    await page.getByRole('link', { name: 'Open in the catalog' }).click();
    await expect(page).toHaveURL('/catalog/default/component/loyalty-points');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/loyalty-points/i);
    await expect(page.getByRole('main')).toContainText('Orders');
  });

  await test.step('the task is listed for who started it', async () => {
    await open(page, '/tasks');
    await expect(page.getByRole('row', { name: /\.NET Web API/ })).toContainText('completed');
  });

  await test.step('the same again is refused: its name is taken now', async () => {
    await page.getByRole('link', { name: '.NET Web API' }).click();
    await page.getByRole('link', { name: 'Run again with changes' }).click();
    await hydrated(page);
    await expect(page.getByLabel('Name')).toHaveValue('loyalty-points');
    await expect(page.getByText('Choose another name')).toBeVisible();
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByLabel('Name')).toBeFocused();
    await page.getByLabel('Name').fill('loyalty-points-two');
    await expect(page.getByText('Choose another name')).toHaveCount(0);
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByLabel('Tier')).toBeVisible();
  });
});

test('an entity offers what fits it, filled in', async ({ page }) => {
  await catalogIsLoaded(page);
  await open(page, '/catalog/default/component/orders-api');
  await page.getByRole('main').getByRole('link', { name: 'Actions' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Create' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Choose / })).toHaveCount(9);
  await page.getByRole('link', { name: /^Choose Add Azure Cache/ }).click();
  await expect(page).toHaveURL(/entity=component:default\/orders-api/);
  // Before the plugin is approved the template cannot run; then its form knows the service.
  await expect(page.getByRole('main')).toContainText(/infra:add-redis|Orders API/);

  await open(page, '/create?for=group:default/orders');
  await expect(page.getByText('No template fits it')).toBeVisible();
});

test('a template that cannot run here says what it lacks', async ({ page }) => {
  await catalogIsLoaded(page);
  await open(page, '/create/default/add-queue');
  await expect(page.getByText('This template cannot run here')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('there is no action "infra:add-queue"');
});

test('actions are documented as they are', async ({ page }) => {
  await open(page, '/create/actions');
  const publish = page.getByRole('article').filter({ has: page.getByRole('heading', { name: 'publish:git', exact: true }) });
  await expect(publish.getByRole('table', { name: 'Input of publish:git', exact: true })).toContainText('repoUrl');
});
