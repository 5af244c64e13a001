// The suites of `npm test`, in two groups that run one after the other. The second starts a real Electron and a real Chromium.
import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './tests/support/long-files-first.ts';
import { isLong } from './tests/support/repetitions.ts';

const seconds = 1000;
const cores = availableParallelism();

/** Most of these files wait for processes and sockets: four of them keep two cores busy. */
const CORE = { maxWorkers: Math.max(4, cores), sequence: { groupOrder: 0 } };
/** Each file starts programs with a user interface and several processes. */
const PROGRAMS = { maxWorkers: Math.max(2, Math.floor(cores / 2)), sequence: { groupOrder: 1 } };
/** One after the other: they measure how long a person waits. */
const TIMED = { maxWorkers: 1, sequence: { groupOrder: 2 } };

/** Integration tests that measure or change their process: each file has one of its own. */
const OWN_PROCESS = [
  'tests/integration/{attack,random}-*.test.ts',
  'tests/integration/{hardware-probe,loaded-machine,many-nodes,owner-load-prober}.test.ts',
  'tests/integration/scripts/**/*.test.ts',
];

function suite(name: string, timeoutMs: number, group: typeof CORE = CORE) {
  return {
    name,
    environment: 'node',
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    // The default of 1 s is too short for a program or a page on a busy machine.
    expect: { poll: { timeout: 15 * seconds } },
    ...group,
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    globalSetup: ['tests/support/shared-folder.ts'],
    sequence: { sequencer: LongFilesFirst },
    projects: [
      // Not isolated: no module is mocked, and the files share their imported modules. A test must undo its changes of the process.
      { test: { ...suite('unit', 60 * seconds), exclude: ['tests/unit/renderer/**'], isolate: false } },
      {
        plugins: [react()],
        test: {
          ...suite('renderer', 60 * seconds),
          environment: 'jsdom',
          include: ['tests/unit/renderer/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/support/renderer-setup.ts'],
          isolate: false,
        },
      },
      { test: suite('contract', 60 * seconds) },
      // Not isolated either: the import of the program took half of the CPU time of these files.
      { test: { ...suite('integration', 60 * seconds), exclude: OWN_PROCESS, isolate: false } },
      { test: { ...suite('integration', 60 * seconds), name: 'own-process', include: OWN_PROCESS } },
      { test: suite('simulation', 60 * seconds) },
      // Each test of these files takes a minute.
      {
        test: {
          ...suite('faults', 120 * seconds),
          exclude: isLong ? [] : ['tests/faults/cluster-{bus,clocks,cut,judged,killed,node-epoch,points,streams}.test.ts'],
        },
      },
      // The parser of workflows imports JSON in a form that Node refuses and Vite takes.
      { test: { ...suite('architecture', 60 * seconds), server: { deps: { inline: ['@actions/workflow-parser'] } } } },
      // These suites need programs of the system. tests/support/requirements.ts finds them, or gives the reason for skipping the suite.
      { test: { ...suite('desktop', 60 * seconds, PROGRAMS), globalSetup: ['tests/support/desktop-display.ts'] } },
      // A test of these files draws many pages.
      { test: suite('web', 120 * seconds, PROGRAMS) },
      // Builds packages and installs them in copies of this system (`npm run test:packages`).
      ...(process.env['MUSTER_TEST_PACKAGES'] === '1'
        ? [
            { test: { ...suite('packages', 300 * seconds, TIMED), globalSetup: ['tests/support/packages/build-packages.ts'] } },
            // The app in a whole desktop: tray, notifications, links, the end of the session.
            { test: { ...suite('session', 180 * seconds, TIMED), globalSetup: ['tests/support/desktop-display.ts'] } },
          ]
        : []),
      ...(isLong
        ? [
            { test: { ...suite('flows', 180 * seconds, PROGRAMS), globalSetup: ['tests/support/desktop-display.ts'] } },
            { test: { ...suite('diaries', 180 * seconds, TIMED), globalSetup: ['tests/support/desktop-display.ts'] } },
          ]
        : []),
    ],
  },
});
