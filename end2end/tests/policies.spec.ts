// Changing who may do what, in a portal of its own: what is denied is not offered any more, the audit
// log tells of it, and an earlier version comes back.

import { expectAccessible } from '../support/accessibility';
import { catalogIsLoaded, expect, hydrated, people, test, type Page } from '../support/test';
import { OwnPortal } from '../support/portal';

test.use({ signedInAs: '' });

const entity = '/catalog/default/component/orders-api';

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/** What the portal says of whether an engineer may refresh an entity. */
async function why(page: Page): Promise<void> {
  const asked = `principal=${people.engineer}&action=catalog.entity.refresh&resource=component:default/orders-api`;
  await visit(page, `/policies/why?${asked}`);
}

test('policies are written, tried, put in force and taken back', async ({ browser }) => {
  test.slow();
  const portal = await OwnPortal.start(['examples/contoso/portico.yaml', 'end2end/portico.yaml']);
  try {
    const admin = await portal.page(browser, people.admin);
    const engineer = await portal.page(browser, people.engineer);
    await catalogIsLoaded(admin);
    await visit(engineer, entity);
    await expect(engineer.getByRole('link', { name: 'Register' })).toBeVisible();
    await expect(engineer.getByRole('link', { name: 'Policies' })).toHaveCount(0);
    const refused = await engineer.goto('/policies');
    expect(refused?.status()).toBe(403);
    await expect(engineer.getByRole('main')).toContainText('You may not see this');

    await test.step('a mistake is told with its line', async () => {
      await visit(admin, '/policies');
      const text = admin.getByRole('textbox', { name: 'Policies' });
      const before = await text.inputValue();
      const typo = 'forbid (principal, action == Action::"catalog.location.creat", resource);';
      await text.fill(`${before}\n@id("typo")\n${typo}\n`);
      await expect(admin.getByText(/^Line \d+$/)).toBeVisible();
      await expect(admin.getByRole('main')).toContainText('did you mean');
      await expect(admin.getByRole('button', { name: 'Put in force' })).toBeDisabled();
      const frozen = [
        '@id("frozen")',
        '@description("nothing is registered or refreshed this week")',
        'forbid (',
        '    principal is User,',
        '    action in [Action::"catalog.location.create", Action::"catalog.entity.refresh"],',
        '    resource',
        ')',
        'unless { principal in Role::"administrator" };',
      ];
      await text.fill(`${before}\n${frozen.join('\n')}\n`);
      await expect(admin.getByText(/^Line \d+$/)).toHaveCount(0);
    });

    await test.step('what it would change is shown, and it is put in force', async () => {
      await expect(admin.getByRole('table', { name: 'What changes' })).toContainText('@id("frozen")');
      await admin.getByRole('button', { name: 'Simulate' }).click();
      await expect(admin.getByRole('main')).toContainText(/decisions (were|would)/);
      await expectAccessible(admin);
      await admin.getByLabel('What changes, and why').fill('A freeze');
      await admin.getByRole('button', { name: 'Put in force' }).click();
      await admin.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
      await expect(admin.getByText('Version 1 is in force')).toBeVisible();
    });

    await test.step('the deciding policy is named, and what it denies is not offered', async () => {
      await why(admin);
      await expect(admin.getByRole('main')).toContainText('may not catalog.entity.refresh');
      await expect(admin.getByRole('main')).toContainText('frozen');
      await visit(engineer, entity);
      await expect(engineer.getByRole('link', { name: 'Register' })).toHaveCount(0);
      const denied = await engineer.request.post('/api/catalog/refresh', {
        data: { entityRef: 'component:default/orders-api' },
      });
      expect(denied.status()).toBe(403);
    });

    await test.step('the audit log tells who was refused, and by what', async () => {
      await visit(admin, '/audit?decision=deny');
      const row = admin.getByRole('row').filter({ hasText: people.engineer });
      await row.filter({ hasText: 'catalog.entity.refresh' }).getByRole('button').click();
      await expect(admin.getByRole('link', { name: 'frozen' })).toBeVisible();
      await expectAccessible(admin);
      const file = admin.waitForEvent('download');
      await admin.getByRole('link', { name: 'CSV' }).click();
      expect((await file).suggestedFilename()).toContain('.csv');
    });

    await test.step('the version before is put in force again', async () => {
      await visit(admin, '/policies/versions');
      await admin.getByRole('link', { name: 'Compare and restore' }).click();
      await expect(admin.getByText('This is the text of version 0')).toBeVisible();
      await admin.getByRole('button', { name: 'Put in force' }).click();
      await admin.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
      await expect(admin.getByText('Version 2 is in force')).toBeVisible();
      await why(admin);
      await expect(admin.getByRole('main')).toContainText('may catalog.entity.refresh');
    });
  } finally {
    await portal.remove();
  }
});
