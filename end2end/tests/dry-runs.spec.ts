// A dry run of each template that ships: what it would write and do, in the browser.

import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { catalogIsLoaded, expect, hydrated, people, test, type Page } from '../support/test';
import { OwnPortal } from '../support/portal';

test.use({ signedInAs: '' });

const component = 'component:default/orders-api';
const service = { owner: 'group:default/orders', system: 'system:default/ordering' };

/** Components and their actions that the templates use; the configuration of the example approves them. */
const plugins = {
  'add-alert': 'infra:add-alert',
  'add-environment': 'infra:add-environment',
  'add-queue': 'infra:add-queue',
  'add-redis': 'infra:add-redis',
  'add-secret': 'infra:add-secret',
  'detect-stack': 'repo:detect-stack',
  'edit-info': 'catalog:edit-info',
  'set-scale': 'infra:set-scale',
};

interface Answers {
  /** What the form is prefilled with. */
  values: Record<string, unknown>;
  /** What is typed into fields that no link fills in, by label. */
  typed?: Record<string, string>;
  /** What the effects say. */
  effect: RegExp;
}

const answers: Record<string, Answers> = {
  'add-alert': {
    values: { component, signal: 'errors', severity: 2, email: 'orders@contoso.example' },
    effect: /orders-api/,
  },
  'add-environment': {
    values: { component, environment: 'test', like: 'dev', before: 'prod' },
    effect: /orders-api/,
  },
  'add-queue': { values: { component, kind: 'queue', name: 'shipments' }, effect: /orders-api/ },
  // Of what is in the diff only.
  'add-redis': { values: { component, sku: 'Basic', capacity: 1 }, effect: /\+.*Microsoft\.Cache\/redis/i },
  'change-owner': {
    values: { component, owner: 'group:default/platform', reason: 'A new team' },
    effect: /orders-api/,
  },
  'change-scaling': {
    values: { component, environment: 'prod', min: 3, max: 12 },
    effect: /orders-api/,
  },
  deprecate: { values: { component, reason: 'Nobody calls it' }, effect: /orders-api/ },
  'dotnet-service': {
    values: { name: 'dry-service', description: 'Never made.', ...service },
    effect: /local:dry-service/,
  },
  'freeze-exemption': {
    values: { component, reason: 'A fix that cannot wait', until: '2027-01-31' },
    effect: /\+\+\+ .*freeze/,
  },
  'onboard-developer': {
    values: {
      person: people.engineer,
      team: 'group:default/orders',
      role: 'engineer',
      start: '2027-01-04',
    },
    effect: /onboarding/,
  },
  pipeline: {
    values: {
      repoUrl: 'local?repo=web-shop',
      pipeline: 'azure',
      owner: 'group:default/orders',
    },
    effect: /web-shop/,
  },
  'provision-secret': {
    values: {
      component,
      environment: 'dev',
      name: 'api-key',
      use: true,
      setting: 'API_KEY',
    },
    typed: { Value: 'not-a-real-secret' },
    // The catalog names the vault.
    effect: /set the secret api-key in https:\/\/kv-orders-dev\./,
  },
  'python-ml-service': {
    values: { name: 'dry-forecast', description: 'Never made.', ...service },
    effect: /local:dry-forecast/,
  },
};

const folder = resolve(__dirname, '../../examples/contoso/templates');
const shipped = readdirSync(folder, { withFileTypes: true });
const names = shipped.filter((it) => it.isDirectory()).map((it) => it.name);

/** Goes through the pages of the form to the review. */
async function review(page: Page, typed: Record<string, string>): Promise<void> {
  const next = page.getByRole('button', { name: /^(Next|Review)$/ });
  for (;;) {
    for (const [label, text] of Object.entries(typed)) {
      const field = page.getByLabel(label, { exact: true });
      if (await field.isVisible()) await field.fill(text);
    }
    const isLast = (await next.textContent())?.trim() === 'Review';
    const heading = await page.getByRole('main').textContent();
    await next.click();
    if (isLast) return;
    await expect(page.getByRole('main'), 'the next page').not.toHaveText(heading ?? '');
  }
}

test.describe('dry runs', () => {
  test.describe.configure({ mode: 'serial' });
  let portal: OwnPortal;

  test.beforeAll(async ({}, info) => {
    info.setTimeout(400_000);
    portal = await OwnPortal.start(['examples/contoso/portico.yaml'], Object.keys(plugins));
    // Approved by the configuration; each is compiled first.
    const active = async () => {
      const answer = await fetch(`${portal.url}/api/scaffolder/v2/actions`);
      const actions = answer.ok ? ((await answer.json()) as { id: string }[]) : [];
      return Object.values(plugins).filter((id) => !actions.some((it) => it.id === id));
    };
    await expect.poll(active, { timeout: 360_000 }).toEqual([]);
  });

  test.afterAll(async () => portal?.remove());

  for (const name of names) {
    test(`${name} would work`, async ({ browser }) => {
      const answer = answers[name];
      expect(answer, `${name} has answers here`).toBeDefined();
      const { values, typed = {}, effect } = answer as Answers;
      const page = await portal.page(browser, people.admin);
      await catalogIsLoaded(page);
      const data = encodeURIComponent(JSON.stringify(values));
      await page.goto(`/create/default/${name}?formData=${data}`);
      await hydrated(page);
      await review(page, typed);
      await page.getByRole('button', { name: 'Dry run' }).click();
      await expect(page.getByText(/^(It would work|It would fail|The dry run did not work)$/)).toBeVisible({
        timeout: 60_000,
      });
      await expect(page.getByRole('main')).toContainText('It would work');
      await expect(page.getByRole('list', { name: 'Effects' })).toContainText(effect);
      for (const text of Object.values(typed)) {
        await expect(page.getByRole('main')).not.toContainText(text);
      }
      await page.context().close();
    });
  }

  test('a service gets its cache: from its page to the merged change', async ({ browser }) => {
    const page = await portal.page(browser, people.admin);
    await catalogIsLoaded(page);
    await page.goto('/catalog/default/component/orders-api');
    await hydrated(page);
    await page.getByRole('main').getByRole('link', { name: 'Actions' }).click();
    await page.getByRole('link', { name: /^Choose Add Azure Cache/ }).click();
    // The service is filled in: there is nothing to choose but the cache.
    await expect(page.getByRole('button', { name: 'Remove Orders API' })).toBeVisible();
    await review(page, {});
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 60_000 });

    await page.goto('/catalog/default/component/orders-api');
    await hydrated(page);
    await page.getByRole('link', { name: 'Add an Azure Cache for Redis' }).click();
    await expect(page).toHaveURL(/\/repositories\/orders-api\/change-requests\/\d+$/);
    await hydrated(page);
    await page.getByRole('button', { name: 'Merge' }).click();
    const dialog = page.getByRole('dialog', { name: 'Merge this change request' });
    await dialog.getByRole('button', { name: 'Merge' }).click();
    await expect(page.getByRole('main')).toContainText('Merged by');

    await test.step('a second cache is refused: it is there', async () => {
      await page.goto(`/create?for=${component}`);
      await hydrated(page);
      await page.getByRole('link', { name: /^Choose Add Azure Cache/ }).click();
      await expect(page.getByRole('button', { name: 'Remove Orders API' })).toBeVisible();
      await review(page, {});
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await expect(page.getByText(/already/i).first()).toBeVisible({ timeout: 60_000 });
    });
    await page.context().close();
  });
});
