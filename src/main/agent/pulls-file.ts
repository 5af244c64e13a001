// What this machine's agent downloads, in a file beside its lock: `muster doctor` is another program, and only the agent knows how far
// it is. It counts only while the agent lives that wrote it: each agent begins by removing the one before it.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type AgentView, type ModelView, modelViewSchema } from '../../shared/api/agent-view';
import { replaceFile } from '../platform/atomic-file';
import { PULL_REASONS } from '../runtimes/core/pulls/pull';
import { stateHolder } from './state-lock';

const pullsSchema = z.array(modelViewSchema).max(1024);
const fileOf = (stateDir: string): string => path.join(stateDir, 'pulls.json');

/** A model that is not here yet, because Ollama downloads it or is to. */
const isPull = ({ reason_code: reason }: Pick<ModelView, 'reason_code'>): boolean => PULL_REASONS.some((known) => known === reason);

/** Of an agent that is over. */
export function forgetPulls(stateDir: string): void {
  rmSync(fileOf(stateDir), { force: true });
}

/** Keeps the file like what the agent shows, from now on. A disk that takes nothing costs the doctor its figures, and no more. */
export function tellPulls(agent: { subscribe(listener: (view: AgentView) => void): unknown }, stateDir: string): void {
  const file = fileOf(stateDir);
  let wanted = '[]';
  let written = wanted;
  let writing = false;
  const write = async () => {
    writing = true;
    while (written !== wanted) {
      written = wanted;
      await replaceFile(file, written);
    }
    writing = false;
  };
  agent.subscribe(({ models }) => {
    wanted = JSON.stringify(models.filter(isPull).map((model) => ({ ...model, checked_at: null })));
    if (!writing) void write();
  });
}

/** What the agent on this state folder downloads; null: none runs there, or it downloads nothing. */
export function readPulls(stateDir: string): readonly ModelView[] | null {
  if (stateHolder(stateDir) === null) return null;
  try {
    return pullsSchema.parse(JSON.parse(readFileSync(fileOf(stateDir), 'utf8')));
  } catch {
    return null;
  }
}
