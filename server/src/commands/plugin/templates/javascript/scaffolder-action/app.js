// <<title>>: writes a greeting.

import { writeFile } from 'portico:plugin/workspace@1.0.0';

const string = (description) => ({ type: 'string', description });

export const action = {
  // The same as interface.json, which the portal shows before anything runs.
  schema() {
    return JSON.stringify({
      input: { type: 'object', required: ['name'], properties: { name: string('A person, a team, a world.') } },
      output: { type: 'object', required: ['path'], properties: { path: string('Relative to the workspace.') } },
    });
  },

  run(call) {
    const { name } = JSON.parse(call.input);
    writeFile('GREETING.md', new TextEncoder().encode(`Hello, ${name}!\n`));
    return JSON.stringify({ path: 'GREETING.md' });
  },
};
