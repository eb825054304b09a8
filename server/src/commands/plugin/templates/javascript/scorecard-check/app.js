// <<title>>: does a component have a README?

import { readFile } from 'portico:plugin/repository@1.0.0';

export const check = {
  evaluate(subjects) {
    return subjects.map((subject, index) => judge(index, JSON.parse(subject.entity)));
  },
};

function judge(index, entity) {
  if (entity?.kind !== 'Component') {
    return finding('not-applicable', 'This is about components');
  }
  try {
    if (readFile(index, 'README.md')?.length) {
      return finding('pass', 'There is a README', ['README.md']);
    }
  } catch (error) {
    // An error that leaves `evaluate` is a crash, and counts against the plugin.
    return finding('error', `README.md cannot be read: ${error.payload?.val ?? error.message}`);
  }
  const remediation = 'Write one: what this is, and how to start.';
  return finding('fail', 'There is no README', [], remediation);
}

function finding(verdict, message, evidence = [], remediation = '') {
  return { verdict, message, evidence, remediation };
}
