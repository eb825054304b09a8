// A portal of a test's own: another process, with its own port and data, which may be killed.

import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Browser, type Page } from '@playwright/test';

const root = resolve(__dirname, '../..');
const binary = process.env.PORTICO_BINARY ?? resolve(root, 'target/debug/portico');

export class OwnPortal {
  private process?: ChildProcess;
  private readonly data = mkdtempSync(join(tmpdir(), 'portico-e2e-'));

  private readonly plugins = join(this.data, 'import');

  private constructor(
    private readonly configs: string[],
    private readonly port: number,
  ) {}

  /** A portal with these configurations and components of plugins that is ready. */
  static async start(configs: string[], plugins: string[] = []): Promise<OwnPortal> {
    const portal = new OwnPortal(configs, await freePort());
    mkdirSync(portal.plugins);
    for (const name of plugins) {
      const file = `${name}.wasm`;
      copyFileSync(resolve(root, 'target/plugins', file), join(portal.plugins, file));
    }
    await portal.begin();
    return portal;
  }

  /** Where it is. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process over the data that is there, and waits until it answers. */
  async begin(): Promise<void> {
    const configs = this.configs.flatMap((it) => ['--config', it]);
    const listen = ['--data', this.data, '--listen', `127.0.0.1:${this.port}`];
    this.process = spawn(binary, ['serve', ...configs, ...listen], {
      cwd: root,
      stdio: 'ignore',
      env: {
        ...process.env,
        PORTICO_LOG: 'warn',
        PORTICO_PLUGINS: this.plugins,
      },
    });
    const ready = async () => {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      return answer?.status;
    };
    await expect.poll(ready, { timeout: 60_000 }).toBe(200);
  }

  /** A page of somebody who is signed in; their entity may have to be read first. */
  async page(browser: Browser, user: string): Promise<Page> {
    const context = await browser.newContext({
      baseURL: this.url,
      extraHTTPHeaders: { origin: this.url },
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const signIn = async () => {
      const form = { user, return_to: '/' };
      const answer = await page.request.post('/auth/dev/sign-in', { form, maxRedirects: 0 });
      return answer.status();
    };
    await expect.poll(signIn, { timeout: 60_000 }).toBe(303);
    return page;
  }

  /** Kills it as `kill -9` does: it writes nothing more, and gives nothing back. */
  async kill(): Promise<void> {
    const { process } = this;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await gone;
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
