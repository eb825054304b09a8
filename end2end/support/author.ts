// What an author of plugins does at a terminal.

import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';

const root = resolve(__dirname, '../..');
const binary = process.env.PORTICO_BINARY ?? resolve(root, 'target/debug/portico');

/** The file of one of Portico's own plugins, which `cargo xtask plugins` builds. */
export function built(name: string): string {
  return resolve(root, `target/plugins/${name}.wasm`);
}

/** Runs `portico plugin …` and gives what it printed. */
export async function portico(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, ['plugin', ...args], {
    cwd: folder,
    // What guests are made of is compiled once, for all tests.
    env: { ...process.env, CARGO_TARGET_DIR: resolve(root, 'target/tmp/guests') },
  });
  return stdout;
}

/** A new action in a folder of its own, not built yet. */
export async function newAction(folder: string, id: string): Promise<string> {
  await portico(folder, 'new', id, '--world', 'scaffolder-action');
  const made = join(folder, id.split(':')[1] ?? id);
  // The versions that Portico's own plugins are built with.
  copyFileSync(resolve(root, 'plugins/Cargo.lock'), join(made, 'Cargo.lock'));
  return made;
}

/** Changes a text that has to be in a file. */
export function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text, file).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** The folded part of a plugin's page that is about one version. */
export function version(page: Page, number: string) {
  return page.locator('details', { has: page.locator('summary', { hasText: number }) });
}

/** Opens the part about a version, unless it is. */
export async function unfold(page: Page, number: string) {
  const part = version(page, number);
  await expect(part).toHaveCount(1);
  if ((await part.getAttribute('open')) === null) {
    await part.locator('summary').first().click();
  }
  return part;
}

/** Approves a version as it asks, and makes it the one that runs. */
export async function approveAndActivate(page: Page, number: string): Promise<void> {
  await (await unfold(page, number)).getByRole('button', { name: 'Approve' }).click();
  await expect(version(page, number).locator('summary').first()).toContainText('approved');
  await (await unfold(page, number)).getByRole('button', { name: 'Activate' }).click();
  await expect(version(page, number).locator('summary').first()).toContainText('runs');
}
