// The suites of `npm test`. Desktop and web start a real Electron and a real Chromium: one at a time, after the others.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const seconds = 1000;

function suite(name: string, timeoutMs: number) {
  return {
    test: {
      name,
      environment: 'node',
      include: [`tests/${name}/**/*.test.ts`],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
    },
  };
}

/** A suite that starts a program of the system: tests/support/requirements.ts finds it, or says why the tests are skipped. */
function serialSuite(name: string, order: number) {
  return { test: { ...suite(name, 60 * seconds).test, fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: order } } };
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { test: { ...suite('unit', 10 * seconds).test, exclude: ['tests/unit/renderer/**'] } },
      {
        plugins: [react()],
        test: {
          name: 'renderer',
          environment: 'jsdom',
          include: ['tests/unit/renderer/**/*.test.{ts,tsx}'],
          testTimeout: 15 * seconds,
          hookTimeout: 15 * seconds,
        },
      },
      suite('contract', 20 * seconds),
      suite('integration', 60 * seconds),
      suite('simulation', 60 * seconds),
      suite('faults', 120 * seconds),
      suite('architecture', 60 * seconds),
      { test: { ...serialSuite('desktop', 1).test, globalSetup: ['tests/support/desktop-display.ts'] } },
      serialSuite('web', 2),
    ],
  },
});
