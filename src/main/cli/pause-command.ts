// `muster pause`, and `muster resume` without a node: the pause of this computer by its owner. They write the file that the agent of this
// computer watches (ADR 0026), so they need no key and also work while no agent runs.
import { pauseFileOf, readPause, type StoredPause, writePause } from '../agent/pause-file';
import type { OwnerChoice } from '../agent/core/pause';
import { stateLockHolder } from '../agent/state-lock';
import type { Command, Invocation } from './command';
import { JSON_OPTION } from './common-options';
import { pauseEndWallMs } from './core/pause-end';
import { EXIT } from './exit-code';
import { loadCommandSettings } from './settings';

export const pauseCommand: Command = {
  name: 'pause',
  summary: 'Pause this computer: it gets no new jobs until the end that you choose, or until you resume it.',
  operands: [],
  options: {
    for: { value: 'DURATION', doc: 'Pause for this time, such as 1h or 30m. At most 30d.' },
    until: { value: 'TIME', doc: 'Pause until this time, such as 08:00, or until tomorrow (08:00).' },
    move: { value: null, doc: 'Requeue running jobs on other nodes at once. Default: they finish here.' },
    ...JSON_OPTION,
  },
  run: async (invocation) => {
    const { io, options } = invocation;
    const nowWallMs = Date.now();
    const end = pauseEndWallMs({ duration: options.text('for'), until: options.text('until') }, nowWallMs);
    if (!end.ok) {
      io.err(`muster: ${end.error}\n`);
      return EXIT.usage;
    }
    const runningJobs = options.isSet('move') ? 'move' : 'finish';
    const owner = { sinceWallMs: nowWallMs, untilWallMs: end.value, runningJobs } as const;
    const until = end.value === null ? 'until you resume it' : `until ${new Date(end.value).toLocaleString('sv-SE').slice(0, 16)}`;
    return change(invocation, {
      stored: { owner, overridden: [], isShareRequested: false },
      text: `paused ${until}; running jobs ${runningJobs === 'move' ? 'move to other nodes' : 'finish here'}`,
      json: { done: 'paused', until: end.value, running_jobs: runningJobs },
    });
  },
};

/** Shares this computer now, also against the rules that pause it at this moment. */
export const resumeThisComputer = (invocation: Invocation): Promise<number> =>
  change(invocation, {
    stored: { owner: null, overridden: [], isShareRequested: true },
    text: 'resumed',
    json: { done: 'resumed' },
  });

interface Change {
  readonly stored: StoredPause;
  readonly text: string;
  readonly json: Readonly<Record<string, string | number | null>>;
}

/** The agent did not run at the end. */
const hasEnded = ({ untilWallMs }: OwnerChoice, nowWallMs: number): boolean => untilWallMs !== null && untilWallMs <= nowWallMs;

async function change(invocation: Invocation, { stored, text, json }: Change): Promise<number> {
  const { io, options } = invocation;
  const settings = await loadCommandSettings(invocation);
  if (!settings.ok) return settings.error;
  const { stateDir } = settings.value.paths;
  const file = pauseFileOf(stateDir);
  const before = readPause(file);
  const held = before.ok ? before.value.owner : null;
  const owner =
    stored.owner === null || held === null || hasEnded(held, stored.owner.sinceWallMs)
      ? stored.owner
      : { ...stored.owner, sinceWallMs: held.sinceWallMs };
  const fault = writePause(file, { ...stored, owner });
  if (fault !== null) {
    io.err(`muster: the pause cannot be saved: ${file}: ${fault}\n`);
    return EXIT.failure;
  }
  const isRunning = stateLockHolder(stateDir) !== null;
  if (options.isSet('json')) io.out(`${JSON.stringify({ ...json, agent_running: isRunning })}\n`);
  else io.out(`This computer: ${text}.${isRunning ? '' : ' No agent runs here now; this applies when it starts.'}\n`);
  return EXIT.ok;
}
