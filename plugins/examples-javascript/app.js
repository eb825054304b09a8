// Node.js version: does package.json name a version that is still supported?

import { get } from 'portico:plugin/config@1.0.0';
import { readFile } from 'portico:plugin/repository@1.0.0';

const FILE = 'package.json';

export const check = {
  evaluate(subjects) {
    const { oldest = 22 } = JSON.parse(get());
    return subjects.map((_, index) => judge(index, oldest));
  },
};

function judge(index, oldest) {
  try {
    const bytes = readFile(index, FILE);
    if (!bytes) {
      return finding('not-applicable', `There is no ${FILE}`);
    }
    return compare(JSON.parse(new TextDecoder().decode(bytes)).engines?.node, oldest);
  } catch (error) {
    // An error of a capability, or of the file's author; anything thrown from here would be a crash.
    return finding('error', `${FILE} cannot be read: ${error.payload?.val ?? error.message}`);
  }
}

function compare(range, oldest) {
  const remediation = `Set \`engines.node\` to \`>=${oldest}\`.`;
  const named = /\d/.test(range ?? '');
  if (!named) {
    return finding('warn', `${FILE} does not say which Node.js it needs`, [], remediation);
  }
  const evidence = [`${FILE}: engines.node is ${range}`];
  const newest = /^\s*>/.test(range) ? Infinity : Math.max(...majors(range));
  return newest < oldest
    ? finding('fail', `Node.js ${range} is older than ${oldest}`, evidence, remediation)
    : finding('pass', `Node.js ${range} is supported`, evidence);
}

// The first number of each alternative: 20 and 22 in `^20.1.0 || 22.x`.
function majors(range) {
  return range.split('||').map((part) => Number(part.match(/\d+/)?.[0] ?? 0));
}

function finding(verdict, message, evidence = [], remediation = '') {
  return { verdict, message, evidence, remediation };
}
