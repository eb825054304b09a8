// What a page asks for before it starts.

import { expect, hydrated, test } from '../support/test';

declare global {
  interface Window {
    asked: string[];
  }
}

for (const path of ['/', '/catalog', '/catalog/default/component/orders-api', '/docs/api', '/plugins', '/search']) {
  test(`${path} uses all code that it preloads`, async ({ page }) => {
    await page.addInitScript(() => {
      window.asked = [];
      const ask = window.fetch;
      window.fetch = (input, init) => {
        window.asked.push(input instanceof Request ? input.url : new URL(input, document.baseURI).href);
        return ask(input, init);
      };
    });
    await page.goto(path);
    await hydrated(page);
    const preloaded = await page
      .locator('link[rel=preload][as=fetch]')
      .evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href));
    expect(preloaded, 'the code of the page').not.toHaveLength(0);
    const asked = await page.evaluate(() => window.asked);
    expect(preloaded.filter((file) => !asked.includes(file)), 'preloaded in vain').toEqual([]);
  });
}
