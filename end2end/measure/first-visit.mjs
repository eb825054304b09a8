// What a person waits for and downloads: the catalog page in a browser that has never seen the
// portal, and in one that has. Prints rows of a Markdown table. `cargo xtask bench` runs it:
//   PORTICO_CHROMIUM=/usr/bin/chromium node first-visit.mjs http://127.0.0.1:3000

import { createRequire } from 'node:module';

const { chromium } = createRequire(import.meta.url)('@playwright/test');
const [url] = process.argv.slice(2);
const executablePath = process.env.PORTICO_CHROMIUM;
const runs = 7;

// Notes the first frame in which a row of the table can be seen.
const watch = () => {
  const look = () => {
    if (document.querySelector('tbody tr') === null) requestAnimationFrame(look);
    else requestAnimationFrame(() => (window.firstRow = performance.now()));
  };
  look();
};

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

async function visitor() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.request.post(`${url}/auth/dev/sign-in`, {
    form: { user: 'local-admin' },
    headers: { origin: url },
    maxRedirects: 0,
  });
  return context;
}

async function visit(context) {
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const seen = { bytes: 0, requests: 0 };
  network.on('Network.loadingFinished', ({ encodedDataLength }) => (seen.bytes += encodedDataLength));
  network.on('Network.requestWillBeSent', () => (seen.requests += 1));
  await page.addInitScript(watch);
  await page.goto(`${url}/catalog`, { waitUntil: 'networkidle' });
  seen.row = await page.evaluate(() => window.firstRow);
  await page.close();
  return seen;
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const cold = [];
const warm = [];
for (let run = 0; run < runs; run += 1) {
  const context = await visitor();
  cold.push(await visit(context));
  warm.push(await visit(context));
  await context.close();
}
await browser.close();

const row = (visits) => `${median(visits.map((it) => it.row)).toFixed(0)} ms`;
const size = (visits) =>
  `${(median(visits.map((it) => it.bytes)) / 1000).toFixed(0)} kB, ${median(visits.map((it) => it.requests))} requests`;
console.log(`| first catalog row visible, cold / warm browser | ${row(cold)} / ${row(warm)} |`);
console.log(`| first visit, all bytes on the wire | ${size(cold)} |`);
console.log(`| second visit | ${size(warm)} |`);
