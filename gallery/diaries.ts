// The diaries: the first minutes of people in real windows, each with a limit. `npm run test:long` (tests/diaries) walks them and
// keeps a film strip of each in artifacts/gallery/diaries. Those of the installation and of the
// desktop are made by `npm run test:packages` (tests/packages, tests/session).

export interface Diary {
  /** The folder of the film strip. */
  readonly name: string;
  readonly title: string;
  /** Of machine time and human time together. */
  readonly limitSeconds: number;
}

export const DIARIES = {
  contributor: { name: 'contributor', title: 'Contributor: from a join link to Available', limitSeconds: 60 },
  host: { name: 'host', title: 'Host: from the first start to the node of a friend', limitSeconds: 120 },
  developer: { name: 'developer', title: 'Developer: from the dashboard to an answer in the package openai', limitSeconds: 60 },
  sharedPool: { name: 'developer-shared-pool', title: 'Developer: the same in a shared pool, which needs a key', limitSeconds: 60 },
  installation: { name: 'installation', title: 'Installation: package, first start, link, upgrade, purge', limitSeconds: 300 },
  desktop: { name: 'desktop', title: 'Desktop: tray, closed window, links, notifications, shutdown', limitSeconds: 300 },
  ollama: { name: 'ollama', title: 'Ollama user: from the start to a streamed answer in Try it', limitSeconds: 30 },
} as const satisfies Record<string, Diary>;
