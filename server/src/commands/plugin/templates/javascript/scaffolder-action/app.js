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
    try {
      const { name } = JSON.parse(call.input);
      writeFile('GREETING.md', new TextEncoder().encode(`Hello, ${name}!\n`));
      return JSON.stringify({ path: 'GREETING.md' });
    } catch (error) {
      // People read what is thrown; anything but a text is a crash, and counts against the plugin.
      throw `the greeting cannot be written: ${error.payload?.val ?? error.message}`;
    }
  },
};
