// A plugin that fails again and again is stopped, and whoever looks at its page can run it again.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { approveAndActivate, edit, newAction, portico } from '../support/author';
import { expect, open, test } from '../support/test';

// It is compiled here, by a compiler of WebAssembly that is a debug build itself.
test.describe.configure({ timeout: 600_000 });

test('"Run again" comes and goes without a reload', async ({ page, baseURL }) => {
  const work = mkdtempSync(join(tmpdir(), 'portico-faults-'));
  const folder = await newAction(work, 'team:faulty');
  edit(join(folder, 'src/lib.rs'), 'let path =', 'assert_ne!(input.name, "Faulty");\n        let path =');
  await portico(folder, 'build');
  await portico(folder, 'submit', 'faulty.wasm', '--url', baseURL ?? '');
  rmSync(work, { recursive: true });
  await open(page, '/plugins/team:faulty');
  await approveAndActivate(page, '0.1.0');

  const again = page.getByRole('button', { name: 'Run again' });
  await page.getByRole('textbox', { name: /^Name/ }).fill('Faulty');
  // As many faults in a row as stop it.
  for (let faults = 0; faults < 5; faults += 1) {
    await expect(again).toHaveCount(0);
    const answered = page.waitForResponse(/run-plugin/);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await answered;
    await expect(page.getByText('It failed')).toBeVisible();
  }
  await expect(again).toBeVisible();
  await expect(page.getByText('It is stopped after repeated faults')).toBeVisible();

  await again.click();
  await expect(again).toHaveCount(0);
  // The page was read again, and what the console said before is gone.
  await expect(page.getByText('It failed')).toHaveCount(0);

  // What is there now works, not what was there before.
  await page.getByRole('textbox', { name: /^Name/ }).fill('Sound');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.locator('figure', { hasText: 'Output' })).toBeVisible();
});
