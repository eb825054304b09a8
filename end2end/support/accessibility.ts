// axe: the checks of accessibility that a machine can make.

import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import { expect, type Page } from './test';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// Everything axe checks by itself, and that targets are large enough to hit.
const everything: RunOptions = { rules: { 'target-size': { enabled: true } } };
// What a theme decides.
const colours: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] };

/** Fails with one line for each element that breaks a rule that is not in `except`. */
export async function expectAccessible(page: Page, except: string[] = [], options = everything): Promise<void> {
  // The page's policy forbids foreign scripts, so axe comes through the debugger instead.
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    await page.evaluate(source);
  }
  const results = await page.evaluate(
    (options) => (globalThis as unknown as { axe: { run(o: RunOptions): Promise<AxeResults> } }).axe.run(options),
    options,
  );
  const broken = results.violations.filter((violation) => !except.includes(violation.id));
  const found = broken.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} (${node.failureSummary})`),
  );
  expect(found, 'axe finds nothing').toEqual([]);
}

/** Fails when the page is wider than the screen. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const widths = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(widths[0], 'the page fits the screen').toBeLessThanOrEqual(widths[1] ?? 0);
}

/** The same in light, and the colours again in dark. */
export async function expectAccessibleInEveryTheme(page: Page, except: string[] = []): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await expectAccessible(page, except);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, except, colours);
  await page.emulateMedia({ colorScheme: 'light' });
}
