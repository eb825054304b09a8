// Two versions of a plugin side by side.

import { readFileSync } from 'node:fs';
import { expectAccessible, expectNoSidewaysScroll } from '../support/accessibility';
import { built, version } from '../support/author';
import { expect, open, test, type Page } from '../support/test';

const id = 'infra:two-redis';

/** A copy of add-redis under an id of its own, changed where nothing changes its length. */
function copy(...changes: [string, string][]): Buffer {
  let file = readFileSync(built('add-redis')).toString('latin1');
  for (const [from, to] of [['infra:add-redis', id] as [string, string], ...changes]) {
    expect(file, from).toContain(from);
    expect(to).toHaveLength(from.length);
    file = file.replaceAll(from, to);
  }
  return Buffer.from(file, 'latin1');
}

async function submit(page: Page, file: Buffer): Promise<void> {
  const answer = await page.request.post('/api/plugins/submissions', {
    timeout: 120_000,
    data: file,
    headers: { 'content-type': 'application/wasm', origin: new URL(test.info().project.use.baseURL ?? '').origin },
  });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** The card about one fact. */
const fact = (page: Page, name: string) =>
  page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

test('versions are compared side by side', async ({ page }, info) => {
  test.slow();
  await submit(page, copy(['"access":"write"', '"access":"read" ']));
  await submit(page, copy([`"id":"${id}","version":"1.0.0"`, `"id":"${id}","version":"1.1.0"`]));

  await open(page, `/plugins/${id}`);
  await version(page, '1.1.0').getByRole('link', { name: 'Compare side by side' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Versions of Add an Azure Cache/ })).toBeVisible();
  const first = page.getByLabel('First');
  const second = page.getByLabel('Second');
  await expect(first.locator('option:checked')).toHaveText(/^1\.0\.0/);
  await expect(second.locator('option:checked')).toHaveText(/^1\.1\.0/);

  await test.step('what the second may do beyond the first stands out', async () => {
    await expect(fact(page, 'scm')).toContainText('more than before');
    await expect(fact(page, 'scm').locator('.compare-side').first()).not.toContainText('reads and writes');
    await expect(fact(page, 'scm').locator('.compare-side').last()).toContainText('reads and writes');
    await expect(fact(page, 'Version')).toContainText('different');
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath('compare.png'), fullPage: true });
  });

  await test.step('what is the same is shown when it is asked for', async () => {
    await expect(fact(page, 'Publisher')).toHaveCount(0);
    await page.getByRole('switch', { name: 'Show what is the same, too' }).check();
    await expect(fact(page, 'Publisher')).toContainText('the same');
    await expect(fact(page, 'log')).toContainText('the same');
  });

  await test.step('the other way round it is less, and the URL says which', async () => {
    const digests = [await first.inputValue(), await second.inputValue()];
    await open(page, `/plugins/${id}/compare?before=${digests[1]}&after=${digests[0]}`);
    await expect(fact(page, 'scm')).toContainText('less than before');
  });

  await test.step('another version is chosen', async () => {
    await first.selectOption({ index: await second.evaluate((it: HTMLSelectElement) => it.selectedIndex) });
    await expect(page.getByText('They are the same.')).toBeVisible();
    const before = new URL(page.url()).searchParams.get('before');
    expect(before).toBe(new URL(page.url()).searchParams.get('after'));
  });
});
