// Stopping a task, letting it try again, and what its page shows meanwhile.

import { expectAccessible } from '../support/accessibility';
import { catalogIsLoaded, expect, hydrated, open, test } from '../support/test';
import type { Page } from '@playwright/test';

/** Starts the slow template in the browser. */
async function start(page: Page, seconds: number, fail = false) {
  await catalogIsLoaded(page);
  const values = encodeURIComponent(JSON.stringify({ seconds, fail }));
  await open(page, `/create/default/slow?formData=${values}`);
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page).toHaveURL(/\/tasks\//);
}

/** The step of a name, with what became of it. */
function step(page: Page, name: string, status: string) {
  const steps = page.getByRole('list', { name: 'Steps' });
  return steps.getByRole('listitem').filter({ hasText: name }).filter({ hasText: `(${status})` });
}

test('a task is stopped in the middle of a step, and tried again', async ({ page }) => {
  test.slow();
  await start(page, 300);
  await expect(step(page, 'Take time', 'running')).toBeVisible({ timeout: 30_000 });
  await expect(step(page, 'Write a file', 'completed')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Stop' }).click();
  const dialog = page.getByRole('dialog', { name: 'Stop this task?' });
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('It was stopped', { exact: true })).toBeVisible();
  await expect(step(page, 'Take time', 'cancelled')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(step(page, 'Take time', 'running')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('log')).toContainText(/Tried again by .* from "Take time"/);
  // What was done before is not done again.
  await expect(page.getByRole('log').getByText('Beginning step Write a file')).toHaveCount(1);
  await page.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('It was stopped', { exact: true })).toBeVisible();
});

test('what fails says why, and its log is searched', async ({ page }) => {
  await start(page, 0, true);
  const failed = page.getByRole('alert').filter({ hasText: 'It failed' });
  await expect(failed).toContainText('nothing', { timeout: 30_000 });
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('failed');
  await expect(page.getByRole('log')).toContainText('Step Read the file failed');
  await expect(page.getByRole('log')).not.toContainText('Beginning step Write a file');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();

  await open(page, '/tasks?status=failed');
  const template = page.getByRole('combobox', { name: 'Template' });
  await template.selectOption({ label: '.NET Web API' });
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/status=failed.*template=template(:|%3A)default(\/|%2F)dotnet-service/);
  await expect(page.getByText('No tasks here')).toBeVisible();
});

test('a task that was told a secret asks for it again, and shows it nowhere', async ({ page }) => {
  await open(page, '/create/default/sealed');
  await page.getByLabel('Password').fill('first-secret-of-test');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'It failed' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('log')).toContainText('the password is ***');

  await page.getByRole('button', { name: 'Try again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Try again' });
  await expect(dialog).toContainText('not kept after its end');
  await expectAccessible(page);
  await dialog.getByLabel('Password').fill('second-secret-of-test');
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('log')).toContainText(/Tried again by .* from "Read a file"/);
  await expect(page.getByRole('alert').filter({ hasText: 'It failed' })).toBeVisible({ timeout: 30_000 });
  expect(await page.content()).not.toMatch(/(first|second)-secret-of-test/);

  // Stars are no password: the form begins without.
  await page.getByRole('link', { name: 'Run again with changes' }).click();
  await hydrated(page);
  await expect(page.getByLabel('Password')).toHaveValue('');
  await expect(page.getByRole('button', { name: 'Edit as JSON' })).toHaveCount(0);
});
