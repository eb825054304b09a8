// A portal that is killed in the middle of a task, and the task's page before and after.

import { catalogIsLoaded, expect, hydrated, open, people, test, type Page } from '../support/test';
import { OwnPortal } from '../support/portal';

// People are signed in to this portal in the test itself, once it is there.
test.use({ signedInAs: '' });

function step(page: Page, name: string, status: string) {
  const steps = page.getByRole('list', { name: 'Steps' });
  return steps.getByRole('listitem').filter({ hasText: name }).filter({ hasText: `(${status})` });
}

test('a task goes on after its portal was killed in the middle of a step', async ({ browser }) => {
  test.slow();
  const portal = await OwnPortal.start(['examples/contoso/portico.yaml', 'end2end/portico.yaml']);
  try {
    const page = await portal.page(browser, people.admin);
    await catalogIsLoaded(page);
    const values = encodeURIComponent(JSON.stringify({ seconds: 25, fail: false }));
    await open(page, `/create/default/slow?formData=${values}`);
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(page).toHaveURL(/\/tasks\//);
    const task = page.url();
    await expect(step(page, 'Take time', 'running')).toBeVisible({ timeout: 30_000 });
    await expect(step(page, 'Write a file', 'completed')).toBeVisible();

    await portal.kill();
    await expect(page.goto('/tasks')).rejects.toThrow(/ERR_CONNECTION_REFUSED/);
    await portal.begin();

    await page.goto(task);
    await hydrated(page);
    await expect(step(page, 'Take time', 'running')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 90_000 });
    await expect(page.getByRole('main')).toContainText('written once');
    const log = page.getByRole('log');
    await expect(log.getByText('Beginning step Write a file')).toHaveCount(1);
    await expect(log.getByText('Beginning step Take time')).toHaveCount(2);
    await page.context().close();
  } finally {
    await portal.remove();
  }
});
