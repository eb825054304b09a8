// Handing in a plugin on its page: dropped, and by a reference to a registry.

import { expectAccessible } from '../support/accessibility';
import { expect, hydrated, open, test, type Page } from '../support/test';

/** Drags a file over the page's target; it is still held there. */
async function drag(page: Page, name: string, text: string) {
  const transfer = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text ?? ''], name ?? '', { type: 'application/wasm' }));
      return transfer;
    },
    [name, text],
  );
  const target = page.locator('.file-drop');
  await target.dispatchEvent('dragover', { dataTransfer: transfer });
  return { target, transfer };
}

test.describe('a file', () => {
  // The browser reports the answer to what is no plugin.
  test.use({ expectedMessages: [/status of 422/] });

  test('is dropped', async ({ page }) => {
    await open(page, '/plugins/submit');
    const { target, transfer } = await drag(page, 'dropped.wasm', 'no component');
    await expect(target).toHaveClass(/file-drop-over/);
    const sent = page.waitForRequest('**/api/plugins/submissions');
    await target.dispatchEvent('drop', { dataTransfer: transfer });
    expect((await sent).headers()['content-type']).toBe('application/wasm');
    await expect(target).not.toHaveClass(/file-drop-over/);
    await expect(page.getByText('dropped.wasm cannot be a plugin here')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Findings' })).toContainText('error');
  });

  test('that is dragged away again is not handed in', async ({ page }) => {
    await open(page, '/plugins/submit');
    const { target, transfer } = await drag(page, 'held.wasm', 'no component');
    await expect(target).toHaveClass(/file-drop-over/);
    await target.dispatchEvent('dragleave', { dataTransfer: transfer });
    await expect(target).not.toHaveClass(/file-drop-over/);
    await expect(page.getByText('held.wasm')).toHaveCount(0);
  });
});

test.describe('a reference', () => {
  // The browser reports the answer to a reference to a registry that the portal does not have.
  test.use({ expectedMessages: [/status of 400/] });

  test('is asked for where registries are listed', async ({ page }) => {
    await open(page, '/plugins/submit');
    await expect(page.getByRole('button', { name: 'Fetch and submit' })).toHaveCount(0);

    // This portal lists none: the page is told of one, and what it sends goes to the real portal.
    await page.route('**/_ui/submit-plugin', (route) =>
      route.fulfill({ json: { limit: 1_000_000, registries: ['registry.example.com'] } }),
    );
    await open(page, '/plugins');
    await page.getByRole('link', { name: 'Submit a plugin' }).click();
    await hydrated(page);
    const reference = page.getByRole('textbox', { name: /^Or a reference to a registry/ });
    await expect(page.getByText('Registries: registry.example.com.')).toBeVisible();
    await page.getByRole('button', { name: 'Fetch and submit' }).click();
    await expect(page.getByText('Write what "portico plugin push" printed.')).toBeVisible();
    await expectAccessible(page);

    const pinned = `registry.example.com/plugins/orders:1.0.0@sha256:${'0'.repeat(64)}`;
    await reference.fill(pinned);
    const sent = page.waitForRequest('**/api/plugins/submissions');
    await reference.press('Enter');
    expect((await sent).postDataJSON()).toEqual({ reference: pinned });
    await expect(page.getByText(`${pinned} was not handed in`)).toBeVisible();
    await expect(page.getByText(/does not fetch plugins from registry\.example\.com/)).toBeVisible();
  });
});
