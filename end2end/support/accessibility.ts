// axe: the checks of accessibility that a machine can make.

import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import { expect, test, type Page } from './test';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// Everything axe checks by itself, and that targets are large enough to hit.
const options: RunOptions = { rules: { 'target-size': { enabled: true } } };

/** Fails with one line for each element that breaks a rule that is not in `except`. */
export async function expectAccessible(page: Page, except: string[] = []): Promise<void> {
  // The page's policy forbids foreign scripts, so axe comes through the debugger instead.
  await page.evaluate(source);
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

/** The same in light and in dark, on phones; wide screens have a project for each. */
export async function expectAccessibleInEveryTheme(page: Page, except: string[] = []): Promise<void> {
  await expectAccessible(page, except);
  if (test.info().project.name === 'phone') {
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page, except);
    await page.emulateMedia({ colorScheme: 'light' });
  }
}
