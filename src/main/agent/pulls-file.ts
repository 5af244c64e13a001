// Publishes the agent's downloads in a file beside its lock, because `muster doctor` is another process and only the agent has their
// progress. The file is valid while the agent that wrote it runs: every agent removes its predecessor's file when it starts.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type AgentView, type ModelView, modelViewSchema } from '../../shared/api/agent-view';
import { parseJsonAs } from '../../shared/json';
import { LatestFile } from '../platform/latest-file';
import { PULL_REASONS } from '../runtimes/core/pulls/pull';
import { stateLockHolder } from './state-lock';

const pullsSchema = z.array(modelViewSchema).max(1024);
const fileOf = (stateDir: string): string => path.join(stateDir, 'pulls.json');

/** A model that Ollama downloads or will download. */
const isPull = ({ reason_code: reason }: Pick<ModelView, 'reason_code'>): boolean => PULL_REASONS.some((known) => known === reason);

/** Removes the file of an agent that has ended. */
export function removePulls(stateDir: string): void {
  rmSync(fileOf(stateDir), { force: true });
}

/** Keeps the file equal to the agent's view from now on. When the disk refuses, only `muster doctor` lacks these figures. */
export function publishPulls(agent: { subscribe(listener: (view: AgentView) => void): unknown }, stateDir: string): void {
  const file = new LatestFile(fileOf(stateDir));
  let latest = '[]';
  agent.subscribe(({ models }) => {
    const content = JSON.stringify(models.filter(isPull).map((model) => ({ ...model, checked_at: null })));
    if (content !== latest) file.write(content);
    latest = content;
  });
}

/** The downloads of the agent on this state folder. Null: no agent runs there, or the file cannot be read. */
export function readPulls(stateDir: string): readonly ModelView[] | null {
  if (stateLockHolder(stateDir) === null) return null;
  try {
    return parseJsonAs(pullsSchema, readFileSync(fileOf(stateDir), 'utf8'));
  } catch {
    return null;
  }
}
