// Signing in and out, with the development page.

import { expect, hydrated, people, test } from '../support/test';

test.use({ signedInAs: '' });

test('the page says plainly that it is for development', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sign in');
  await expect(page.getByText('Development sign-in')).toBeVisible();
});

test('a person of the catalog signs in, lands where they were going, and signs out', async ({ page }) => {
  await page.goto('/sign-in?return_to=/catalog');
  await page.getByRole('button', { name: /Sofia Petrova/ }).click();
  await expect(page).toHaveURL('/catalog');
  await hydrated(page);

  const menu = page.getByRole('button', { name: /Signed in as/ });
  await expect(menu).toBeVisible();
  await menu.click();
  await expect(page.getByText(people.engineer)).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: /Signed in as/ })).toHaveCount(0);
});

test('another site is never where signing in leads', async ({ page, baseURL }) => {
  await page.goto('/sign-in?return_to=https://example.com/');
  await page.getByRole('button', { name: /Sofia Petrova/ }).click();
  await expect(page).toHaveURL(`${baseURL}/`);
});

test('a page that needs a person offers to sign in, and leads back', async ({ page }) => {
  await page.goto('/catalog?kind=api');
  const panel = page.getByRole('alert').filter({ hasText: 'Sign in to see this' });
  await expect(panel).toContainText('You are not signed in');
  await panel.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /Sofia Petrova/ }).click();
  await expect(page).toHaveURL('/catalog?kind=api');
});
