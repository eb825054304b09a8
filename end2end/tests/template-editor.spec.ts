// Writing a template in the portal: problems as one types, the form, a dry run, a change request.

import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { catalogIsLoaded, expect, hydrated, open, test } from '../support/test';

test('a new template is written, tried and proposed', async ({ page }) => {
  test.slow();
  await catalogIsLoaded(page);
  await open(page, '/create/new');
  const text = page.getByRole('textbox', { name: 'Template' });
  await expect(page.getByText('It can run here.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'The service' })).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);

  await test.step('what is wrong is told with its line', async () => {
    const before = await text.inputValue();
    await text.fill(before.replace('catalog:write', 'catalog:wirte'));
    const problem = page.getByRole('listitem').filter({ hasText: 'catalog:wirte' });
    await expect(problem).toContainText('did you mean "catalog:write"?');
    await problem.getByRole('button', { name: /Line \d+/ }).click();
    await expect(text).toBeFocused();
    await text.fill(before);
    await expect(page.getByText('It can run here.')).toBeVisible();
  });

  await test.step('an action is completed', async () => {
    await text.press('Control+End');
    await text.pressSequentially('\n# action: debug');
    await expect(page.getByRole('option')).toHaveCount(0);
    await text.press('Control+End');
    await text.pressSequentially('\n    - action: debug:l');
    await expect(page.getByRole('option', { name: 'debug:log' })).toBeVisible();
    await text.press('Enter');
    await expect(text).toHaveValue(/action: debug:log$/);
  });

  await test.step('a dry run uses what is filled in', async () => {
    // What was written is there after a reload.
    await page.reload();
    await hydrated(page);
    await expect(text).toHaveValue(/action: debug:log$/);
    const notice = page.getByText('You had begun to write this');
    await expect(notice).toBeVisible();
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect(notice).toBeHidden();
    await expect(text).not.toHaveValue(/action: debug:log$/);
    await expect(page.getByText('It can run here.')).toBeVisible();
    await page.getByLabel('Name', { exact: true }).fill('editor-made');
    await page.getByRole('combobox', { name: 'Owner' }).fill('orders');
    await page.getByRole('option', { name: 'Orders', exact: true }).click();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await expect(page.getByText('It would work')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('list', { name: 'Effects' })).toContainText('local:editor-made');
  });

  await test.step('it is proposed to a repository', async () => {
    await page.getByLabel('Repository', { exact: true }).fill('local:orders-api');
    await page.getByLabel('File').fill('templates/mine/template.yaml');
    await page.getByRole('button', { name: 'Open a change request' }).click();
    await page.getByRole('link', { name: 'Open the change request' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('A new template');
    await expect(page.getByRole('main')).toContainText('templates/mine/template.yaml');
  });
});

test('a template of the catalog is edited with the files beside it', async ({ page }) => {
  await catalogIsLoaded(page);
  await open(page, '/create/default/slow');
  await page.getByRole('link', { name: 'Edit template' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Edit template:default/slow' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Template' })).toHaveValue(/For tests of what a person does/);
  await expect(page.getByLabel('File')).toHaveValue('templates/slow/template.yaml');
});
