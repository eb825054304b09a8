// Where somebody is signed in, and their access tokens.

import { type APIRequestContext } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { expect, open, people, signIn, test } from '../support/test';

test.use({ signedInAs: people.engineer });

/** What a program gets with a token: the request carries no cookie. */
async function callWith(request: APIRequestContext, baseURL: string | undefined, token: string): Promise<number> {
  const answer = await request.get(`${baseURL ?? ''}/api/catalog/entities/by-query?limit=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.status();
}

test('another browser is signed out from the list of sessions', async ({ page, browser, baseURL }, info) => {
  // Other tests are signed in as the same person at the same time.
  const userAgent = `Spare laptop ${info.project.name} ${Date.now()}`;
  const other = await (await browser.newContext({ baseURL, userAgent })).newPage();
  await signIn(other, people.engineer);

  await open(page, '/');
  await page.getByRole('button', { name: /Signed in as/ }).click();
  await page.getByRole('link', { name: 'Sessions' }).click();
  await expect(page).toHaveURL('/settings/sessions');
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
  await expect(page.getByText('this browser')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Sign out other browsers' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath('sessions.png'), fullPage: true });

  const row = page.locator('tr', { has: page.getByTitle(userAgent) });
  await row.getByRole('button', { name: /^Sign out/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign out?' });
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTitle(userAgent)).toHaveCount(0);

  await other.goto('/');
  await expect(other.getByRole('button', { name: /Signed in as/ })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('button', { name: /Signed in as/ })).toBeVisible();
  await other.context().close();
});

test('a token is shown once, works within its limits, and stops when it is revoked', async (
  { page, playwright, baseURL },
  info,
) => {
  const program = await playwright.request.newContext();
  const name = `Backup script ${info.project.name} ${Date.now()}`;
  await open(page, '/settings/tokens');
  await page.getByRole('button', { name: 'Create a token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a token' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog.getByText('choose what it may do')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel('Catalog').selectOption('read');
  await dialog.getByRole('button', { name: 'Create' }).click();

  const issued = page.getByRole('dialog', { name: 'Your new token' });
  const text = await issued.locator('code').innerText();
  const token = text.trim();
  expect(token).toMatch(/^portico_pat_[\w-]{43}$/);
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath('issued.png') });
  await issued.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.locator('body')).not.toContainText(token);

  expect(await callWith(program, baseURL, token)).toBe(200);
  const register = await program.post(`${baseURL ?? ''}/api/catalog/locations`, {
    headers: { authorization: `Bearer ${token}` },
    data: { type: 'url', target: 'https://example.com/catalog-info.yaml' },
  });
  expect(register.status(), 'it only reads').toBe(403);

  const row = page.locator('tr', { hasText: name });
  await expect(row).toContainText('Catalog: read');
  await page.reload();
  await expect(page.locator('body')).not.toContainText(token);
  await expectNoSidewaysScroll(page);
  await open(page, '/settings/tokens');
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  const revoke = page.getByRole('dialog', { name: 'Revoke the token?' });
  await revoke.getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('button', { name: `Revoke ${name}` })).toHaveCount(0);
  expect(await callWith(program, baseURL, token)).toBe(401);
  await program.dispose();
});

test.describe('without rights', () => {
  test.use({ expectedMessages: [/403/] });

  test('service tokens and the sessions of others are for administrators', async ({ page }) => {
    const services = await page.goto('/settings/service-tokens');
    expect(services?.status()).toBe(403);
    const others = await page.goto(`/settings/sessions?user=${people.admin}`);
    expect(others?.status()).toBe(403);
  });
});

test.describe('administrators', () => {
  test.use({ signedInAs: people.admin });

  test('see the sessions of others, and tokens of services', async ({ page, browser, baseURL }) => {
    const other = await (await browser.newContext({ baseURL })).newPage();
    await signIn(other, people.engineer);
    await open(page, '/settings/sessions');
    await page.getByLabel('Person').fill(people.engineer);
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByText(`signed in as ${people.engineer}`)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Sign out everywhere' })).toBeVisible();
    await other.context().close();

    await open(page, '/settings/service-tokens');
    await expect(page.getByRole('heading', { level: 1, name: 'Service tokens' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
