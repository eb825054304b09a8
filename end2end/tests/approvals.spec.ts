// A template that asks before it goes on: who asks waits, who is asked decides.

import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { catalogIsLoaded, expect, hydrated, open, people, signIn, test } from '../support/test';

const question = 'Deploy during the change freeze';

/** Asks for an exemption in the browser, and gives the address of the task. */
async function ask(page: import('@playwright/test').Page, reason: string, until: string) {
  await catalogIsLoaded(page);
  await open(page, '/create/default/freeze-exemption?entity=component:default/orders-api');
  await page.getByRole('combobox', { name: 'Service' }).fill('orders-api');
  await page.getByRole('option', { name: 'Orders API' }).click();
  await page.getByLabel('Why it cannot wait').fill(reason);
  await page.getByLabel('Until').fill(until);
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page).toHaveURL(/\/tasks\//);
  await expect(page.getByRole('heading', { name: 'Waiting for approval' })).toBeVisible({ timeout: 30_000 });
  return page.url();
}

test('a change that the platform team has to agree to', async ({ page, browser }) => {
  test.slow();
  await signIn(page, people.engineer);
  const task = await ask(page, 'Customers are charged twice.', '2027-01-05');
  await expect(page.getByRole('main')).toContainText('Somebody else than who asked has to decide');
  await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await expectAccessible(page);

  await test.step('whoever is asked finds it, reads why, and agrees', async () => {
    const theirs = await browser.newPage();
    await signIn(theirs, people.admin);
    await open(theirs, '/');
    await expect(theirs.getByRole('heading', { name: /^Waiting for you/ })).toBeVisible();
    const inbox = theirs.getByRole('link', { name: /^Approvals/ });
    await expect(inbox).toContainText(/\d+ waiting/);
    await inbox.click();
    await expect(theirs.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible();
    await expectAccessible(theirs);
    const row = theirs.getByRole('row').filter({ hasText: 'Customers are charged twice.' });
    await row.getByRole('link', { name: question }).click();
    await hydrated(theirs);
    await expect(theirs.getByRole('main')).toContainText('Customers are charged twice.');
    await theirs.getByLabel('Comment').fill('Go, and tell us tomorrow.');
    await theirs.getByRole('button', { name: 'Approve' }).click();
    await expect(theirs.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 });
    await theirs.close();
  });

  await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('main')).toContainText('Go, and tell us tomorrow.');
  expect(page.url()).toBe(task);
  await page.getByRole('link', { name: 'Change request' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Exempt from the change freeze');
  await expect(page.getByRole('main')).toContainText('freeze-exemption.yaml');
});

test('what is refused fails, and says who and why', async ({ page, request }) => {
  test.slow();
  await signIn(page, people.engineer);
  const task = await ask(page, 'I would rather not wait.', '2027-02-01');
  const id = task.split('/').at(-1);
  // From this machine, without a session: the local administrator.
  const answer = await request.post(`/api/scaffolder/v2/tasks/${id}/decision`, {
    data: { approve: false, comment: 'It can wait.' },
  });
  expect(answer.status()).toBe(200);
  await expect(page.getByRole('alert').filter({ hasText: 'It failed' })).toContainText('It can wait.');
  const again = await request.post(`/api/scaffolder/v2/tasks/${id}/decision`, { data: { approve: true } });
  expect(again.status()).toBe(409);
  await page.goto('/approvals');
  const row = page.getByRole('row').filter({ hasText: 'It can wait.' });
  await expect(row).toContainText('rejected');
  await expectNoSidewaysScroll(page);
});
