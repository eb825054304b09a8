// Fields of forms that look things up: names, tags, branches, and options that depend on answers.

import { expectAccessible } from '../support/accessibility';
import { expect, open, test, type Page } from '../support/test';

const form = '/create/default/fields';

/** Types into a field that finds what it offers, and takes what is called `wanted`. */
async function choose(page: Page, label: string, typed: string, wanted: string | RegExp): Promise<void> {
  const field = page.getByRole('combobox', { name: label });
  await field.fill(typed);
  await page.getByRole('option', { name: wanted }).first().click();
}

test('a name that is taken says by what', async ({ page }) => {
  await open(page, form);
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('orders-api');
  const note = page.getByRole('status').filter({ hasText: 'This name is taken by' });
  await expect(note.getByRole('link', { name: 'component:default/orders-api' })).toBeVisible();
  await expectAccessible(page);
  await name.fill('nothing-has-this-name');
  await expect(note).toHaveCount(0);
  await name.fill('-no-name-');
  await expect(page.getByRole('alert').filter({ hasText: 'A name has 1 to 63' })).toBeVisible();
});

test('tags are those of the catalog, or new ones', async ({ page }) => {
  await open(page, form);
  await choose(page, 'Tags', 'dotne', /^dotnet \(\d+\)$/);
  await choose(page, 'Tags', 'brand-new', 'Use “brand-new”');
  await expect(page.getByRole('button', { name: 'Remove dotnet' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove brand-new' })).toBeVisible();
  await choose(page, 'Tags', 'Not A Tag', 'Use “Not A Tag”');
  await expect(page.getByRole('alert').filter({ hasText: '“Not A Tag”' })).toBeVisible();
});

test('options depend on answers, on earlier pages too, and go when those change', async ({ page }) => {
  await open(page, form);
  await page.getByRole('textbox', { name: 'Name' }).fill('looked-up');
  await page.getByRole('button', { name: 'Next' }).click();

  // Nothing is offered before the answer that it depends on.
  await expect(page.getByText('Answer “system” first')).toBeVisible();
  await page.getByRole('combobox', { name: 'Component' }).focus();
  await expect(page.getByRole('option')).toHaveCount(0);

  await page.getByRole('button', { name: 'Back' }).click();
  await choose(page, 'System', 'order', 'ordering');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Answer “system” first')).toHaveCount(0);
  const component = page.getByRole('combobox', { name: 'Component' });
  await component.fill('payments');
  await expect(page.getByText('Nothing found').filter({ visible: true })).toBeVisible();
  await choose(page, 'Component', 'orders-a', 'orders-api');
  await expect(page.getByRole('button', { name: 'Remove orders-api' })).toBeVisible();

  // Branches are those of the repository, and anything else.
  await page.getByRole('textbox', { name: 'Repository' }).fill('orders-api');
  await choose(page, 'Branch', 'mai', 'main');
  await choose(page, 'Account', 'someone', 'Use “someone”');
  await expectAccessible(page);

  // Another system has other components.
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Remove ordering' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Answer “system” first')).toBeVisible();

  await page.getByRole('button', { name: 'Back' }).click();
  await choose(page, 'System', 'order', 'ordering');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText(/looked-up .* main/)).toBeVisible();
});
