// How long a form of 100 fields takes from a key to the next frame. Starts a portal of its own with
// a template that is made here, types into a few of its fields, and prints a row of a Markdown table:
//   PORTICO_CHROMIUM=/usr/bin/chromium node form-latency.mjs ../../target/release/portico

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { chromium } = createRequire(import.meta.url)('@playwright/test');
const binary = resolve(process.argv[2] ?? 'portico');
const port = process.env.PORTICO_MEASURE_PORT ?? '3491';
const url = `http://127.0.0.1:${port}`;
const FIELDS = 100;
const text = 'a-name-of-a-service';

const field = (at) => {
  if (at % 10 === 3) return { type: 'boolean', title: `Field ${at}` };
  if (at % 10 === 6) return { enum: ['a', 'b', 'c'], title: `Field ${at}` };
  if (at % 10 === 9) return { type: 'integer', minimum: 0, maximum: 10, title: `Field ${at}` };
  return { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 60, title: `Field ${at}` };
};
const names = Array.from({ length: FIELDS }, (_, at) => at);
const template = {
  apiVersion: 'scaffolder.backstage.io/v1beta3',
  kind: 'Template',
  metadata: { name: 'many-fields', title: 'Many fields' },
  spec: {
    type: 'test',
    parameters: {
      required: ['field0', 'field1'],
      properties: Object.fromEntries(names.map((at) => [`field${at}`, field(at)])),
    },
    steps: [{ id: 'say', name: 'Say', action: 'debug:log', input: { message: 'done' } }],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'portico-form-'));
// JSON is YAML.
writeFileSync(join(folder, 'template.yaml'), JSON.stringify(template));
writeFileSync(
  join(folder, 'portico.yaml'),
  JSON.stringify({
    catalog: {
      rules: [{ allow: ['Template'] }],
      locations: [{ type: 'file', target: './template.yaml' }],
    },
  }),
);
const serve = ['serve', '--config', join(folder, 'portico.yaml'), '--data', join(folder, 'data')];
const portal = spawn(binary, [...serve, '--listen', `127.0.0.1:${port}`], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { PORTICO_LOG: 'warn', ...process.env },
});

/** Asks until it is so. */
async function until(holds) {
  const end = Date.now() + 60_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error('the portal is not ready');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// Marks each input event, and the first frame after it.
const watch = () => {
  window.latencies = [];
  addEventListener(
    'keydown',
    (event) => {
      performance.mark('key', { startTime: event.timeStamp });
      requestAnimationFrame(() =>
        // After this frame's style, layout and paint.
        setTimeout(() => {
          performance.mark('frame');
          window.latencies.push(performance.measure('key', 'key', 'frame').duration);
        }),
      );
    },
    { capture: true },
  );
};

const browser = await chromium.launch({
  executablePath: process.env.PORTICO_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  const entity = `${url}/api/catalog/entities/by-name/template/default/many-fields`;
  await until(async () => (await fetch(entity)).ok);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.request.post(`${url}/auth/dev/sign-in`, {
    form: { user: 'local-admin' },
    headers: { origin: url },
    maxRedirects: 0,
  });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(`${url}/create/default/many-fields`, { waitUntil: 'networkidle' });
  await page.waitForSelector('html[data-hydrated]');
  for (const at of [0, 50, 98]) {
    const input = page.getByLabel(`Field ${at}`, { exact: false }).first();
    await input.click();
    for (const key of text) {
      const before = await page.evaluate(() => window.latencies.length);
      await page.keyboard.press(key);
      await page.waitForFunction((count) => window.latencies.length > count, before);
    }
    if ((await input.inputValue()) !== text) throw new Error(`field ${at} did not take the text`);
  }
  const latencies = (await page.evaluate(() => window.latencies)).sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  const ms = (value) => `${value.toFixed(0)} ms`;
  console.log(
    `| form of ${FIELDS} fields: key to frame, p50 / p95 / max of ${latencies.length} | ${ms(at(0.5))} / ${ms(at(0.95))} / ${ms(at(1))} |`,
  );
} finally {
  await browser.close();
  portal.kill('SIGTERM');
  await new Promise((resolve) => portal.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}
