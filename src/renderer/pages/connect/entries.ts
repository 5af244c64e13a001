// The entries of the page: programs, then kinds of tasks. Pure.
import { PROGRAM_IDS, type ProgramId } from '../../components/connect/programs/table';
import { TASK_IDS, type TaskId, TASKS } from '../../components/connect/tasks/table';
import type { TaskKind } from '../../../shared/protocol/task-kinds';

export type Entry = { readonly kind: 'program'; readonly id: ProgramId } | { readonly kind: 'task'; readonly id: TaskId };

/** `id`: of the URL. Null, or an unknown one: the first program. */
export function entryOf(id: string | null): Entry {
  const program = PROGRAM_IDS.find((known) => known === id);
  const task = TASK_IDS.find((known) => known === id);
  if (program !== undefined) return { kind: 'program', id: program };
  return task === undefined ? { kind: 'program', id: 'curl' } : { kind: 'task', id: task };
}

/** What the model must support. */
export const taskOfEntry = (entry: Entry): TaskKind => (entry.kind === 'program' ? '/v1/chat/completions' : TASKS[entry.id].task);
