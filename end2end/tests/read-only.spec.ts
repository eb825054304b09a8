// What the policies deny is offered nowhere: not on pages, not in the side bar, not to the keyboard.

import { expectAccessible } from '../support/accessibility';
import { catalogIsLoaded, expect, hydrated, people, test, type Page } from '../support/test';
import { OwnPortal } from '../support/portal';

test.use({ signedInAs: '' });

/** What an engineer is offered by default, and a reader is not: page, role, name. */
const offered = [
  ['/', 'link', 'Register'],
  ['/catalog', 'link', 'Register'],
  ['/catalog/default/component/orders-api', 'button', 'Refresh'],
  ['/catalog/default/component/orders-api', 'button', 'Star Orders API'],
  ['/create', 'link', 'New template'],
  ['/create/default/dotnet-service', 'link', 'Edit template'],
  ['/plugins', 'link', 'Submit a plugin'],
  ['/settings/sessions', 'link', 'Access tokens'],
] as const;

const reader = `
@id("reader")
@description("reads, and nothing else")
forbid (principal == User::"${people.engineer}", action, resource)
unless { action in [Action::"read", Action::"session.own"] && action != Action::"scaffolder.template.dry-run" };
`;

const stranger = `
@id("stranger")
@description("may nothing but leave")
forbid (principal == User::"${people.engineer}", action, resource)
unless { action == Action::"session.own" };
`;

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/** Puts policies in force beside those that are there. */
async function put(admin: Page, more: string): Promise<void> {
  const before = (await (await admin.request.get('/api/policies')).json()) as { number: number; text: string };
  const text = `${before.text}\n${more}`;
  const answer = await admin.request.put('/api/policies', { data: { base: before.number, text, note: 'a test' } });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** The places that the palette names when nothing is typed. */
async function places(page: Page): Promise<string[]> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await expect(palette.getByRole('option').first()).toBeVisible();
  const names = await palette.getByRole('option').allInnerTexts();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  return names.map((name) => name.split('\n')[0]?.trim() ?? '');
}

test('somebody who may only read is offered nothing else', async ({ browser }) => {
  test.slow();
  const portal = await OwnPortal.start(['examples/contoso/portico.yaml', 'end2end/portico.yaml']);
  try {
    const admin = await portal.page(browser, people.admin);
    const person = await portal.page(browser, people.engineer);
    await catalogIsLoaded(admin);

    await test.step('an engineer is offered all of it', async () => {
      for (const [path, role, name] of offered) {
        await visit(person, path);
        await expect(person.getByRole(role, { name, exact: true }).first(), `${name} on ${path}`).toBeVisible();
      }
      await visit(person, '/');
      expect(await places(person)).toEqual(expect.arrayContaining(['Catalog', 'Register', 'Plugins']));
    });

    await put(admin, reader);
    await test.step('a reader is offered none of it', async () => {
      for (const [path, role, name] of offered) {
        await visit(person, path);
        await expect(person.getByRole(role, { name, exact: true }), `${name} on ${path}`).toHaveCount(0);
      }
    });

    await test.step('a template can be looked at, and says that it cannot be run', async () => {
      await visit(person, '/create/default/dotnet-service');
      await expect(person.getByText('You can look at this template, not run it')).toBeVisible();
      await expectAccessible(person);
    });

    await test.step('the keyboard leads to no page that would refuse', async () => {
      await visit(person, '/catalog');
      expect(await places(person)).not.toContain('Register');
      await person.keyboard.press('?');
      const help = person.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await expect(help).toContainText('Catalog');
      await expect(help).not.toContainText('Register');
      await person.keyboard.press('Escape');
      await person.keyboard.press('g');
      await person.keyboard.press('r');
      await person.keyboard.press('g');
      await person.keyboard.press('s');
      await expect(person).toHaveURL('/search');
    });

    await put(admin, stranger);
    await test.step('somebody who may not read either is led nowhere', async () => {
      const answer = await person.goto('/settings/sessions');
      expect(answer?.status()).toBe(200);
      const nav = person.getByRole('navigation', { name: 'Main' });
      expect(await nav.getByRole('link').allInnerTexts()).toEqual(['Home', 'REST API']);
      expect((await person.goto('/catalog'))?.status()).toBe(403);
      await expect(person.getByRole('main')).toContainText('You may not see this');
    });
  } finally {
    await portal.remove();
  }
});
