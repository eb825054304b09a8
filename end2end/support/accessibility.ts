// axe: the checks of accessibility that a machine can make.

import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import { expect, type Page } from './test';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// Everything axe checks by itself, and that targets are large enough to hit.
const options: RunOptions = { rules: { 'target-size': { enabled: true } } };

/** Fails with one line for each element that breaks a rule. */
export async function expectAccessible(page: Page): Promise<void> {
  // The page's policy forbids foreign scripts, so axe comes through the debugger instead.
  await page.evaluate(source);
  const results = await page.evaluate(
    (options) => (globalThis as unknown as { axe: { run(o: RunOptions): Promise<AxeResults> } }).axe.run(options),
    options,
  );
  const found = results.violations.flatMap((violation) =>
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
