// An operation of AppApi for a button or a form, as a mutation: whether it runs, and why it failed. An answer that contains a new state
// is put into the state at once. Queries whose answers the operation changes are refreshed.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AppError, OperationName, OperationParams, OperationResult, Outcome } from '../../shared/api/app-api';
import type { AppEvent } from '../../shared/api/app-state';
import { fail, ok } from '../../shared/result';
import { applyEvents } from '../store/app-store';
import { useScreen } from '../store/Screen';
import { callOrThrow, OperationFailed } from './use-answer';

const CHANGED_ANSWERS: Partial<Record<OperationName, readonly OperationName[]>> = {
  'pool.cancel_job': ['pool.job', 'pool.jobs'],
  'pool.cancel_jobs': ['pool.job', 'pool.jobs'],
  'pool.retry_job': ['pool.jobs'],
  'pool.reset_exclusions': ['pool.exclusions'],
  'pool.control_model': ['pool.node'],
  'gpu.offer': ['settings.list'],
  'models.share': ['settings.list'],
  'models.remove': ['models.storage'],
  'settings.set': ['settings.list'],
  'host.restart': ['settings.list'],
  'members.update': ['members.list'],
  'members.revoke': ['members.list'],
  'invites.create': ['invites.list'],
  'invites.revoke': ['invites.list'],
  'keys.create': ['keys.list'],
  'keys.update': ['keys.list'],
  'keys.revoke': ['keys.list'],
  'pool.step_down': ['pool.cluster'],
  'join_requests.approve': ['members.list'],
};

type ToEvent = { readonly [Name in OperationName]?: (answer: OperationResult<Name>) => AppEvent };
/** Converts an answer that contains a new state to the event that will report the same state later. */
const TO_EVENT: ToEvent = {
  'pool.drain': (node) => ({ type: 'node', node }),
  'pool.resume': (node) => ({ type: 'node', node }),
  'pool.tag_node': (node) => ({ type: 'node', node }),
  'pool.quarantine': (node) => ({ type: 'node', node }),
  'pool.release': (node) => ({ type: 'node', node }),
};

export interface OperationRun<Name extends OperationName> {
  readonly pending: boolean;
  readonly error: AppError | null;
  /** Never rejects. The function is the same in every render. */
  readonly run: (params: OperationParams<Name>) => Promise<Outcome<OperationResult<Name>>>;
  readonly clear: () => void;
}

export function useOperation<Name extends OperationName>(name: Name): OperationRun<Name> {
  const { api, store } = useScreen();
  const queries = useQueryClient();
  const { mutateAsync, isPending, error, reset } = useMutation<OperationResult<Name>, OperationFailed, OperationParams<Name>>({
    mutationFn: (params) => callOrThrow(api, name, params),
    onSuccess: (answer) => {
      const toEvent: ToEvent[Name] = TO_EVENT[name];
      if (toEvent !== undefined) applyEvents(store, [toEvent(answer)]);
      for (const changed of CHANGED_ANSWERS[name] ?? []) void queries.invalidateQueries({ queryKey: [changed] });
    },
  });
  const run = useCallback(
    async (params: OperationParams<Name>): Promise<Outcome<OperationResult<Name>>> => {
      try {
        return ok(await mutateAsync(params));
      } catch (failure) {
        if (failure instanceof OperationFailed) return fail(failure.reason);
        throw failure;
      }
    },
    [mutateAsync],
  );
  return { pending: isPending, error: error?.reason ?? null, run, clear: reset };
}
