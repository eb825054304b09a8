// The browser tests: which browser, which screens, and the server they talk to.
// `cargo xtask test --only e2e` builds what they need and runs them.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, devices } from '@playwright/test';

const root = resolve(__dirname, '..');
const binary = process.env.PORTICO_BINARY ?? resolve(root, 'target/debug/portico');
const port = process.env.PORTICO_E2E_PORT ?? '3210';
const data = process.env.PORTICO_E2E_DATA ?? resolve(__dirname, 'data');
const baseURL = `http://127.0.0.1:${port}`;

// Debian's Chromium where it is; undefined is the one that Playwright downloads.
const chromium = [process.env.PORTICO_CHROMIUM, '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
);

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  workers: 2,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['junit', { outputFile: 'test-results/junit.xml' }]],
  use: {
    baseURL,
    // Requests of tests are those of the portal's own pages; browsers say more than this.
    extraHTTPHeaders: { origin: baseURL },
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    // Animations are decoration: whoever asked for none sees the same portal.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  // Everything runs on a wide screen; what is about looks (`@look`) runs on a phone too, and what
  // is about small screens (`@phone`) only there. Looks are tested in light and in dark.
  projects: [
    {
      name: 'desktop',
      grepInvert: /@phone/,
      use: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
    },
    {
      name: 'phone',
      grep: /@look|@phone/,
      use: {
        ...devices['Pixel 7'],
        viewport: { width: 390, height: 844 },
        colorScheme: 'light',
      },
    },
  ],
  webServer: {
    // A new database each time: what a run leaves behind must not decide the next.
    command: `rm -rf "${data}" && exec "${binary}" serve --config examples/contoso/portico.yaml --config end2end/portico.yaml --data "${data}" --listen 127.0.0.1:${port}`,
    cwd: root,
    url: `${baseURL}/readyz`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    stdout: 'ignore',
    stderr: 'pipe',
    env: { PORTICO_LOG: 'warn' },
  },
});
