// The answer of an operation that only reads, as a query: asked once for all components that show it, kept fresh while it is shown,
// not asked while the page is hidden or the connection is lost.
import { type Query, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AppApi, AppError, OperationName, OperationParams, OperationResult } from '../../shared/api/app-api';
import { useScreen, useScreenState } from '../store/Screen';

/** Queries and mutations report failures by throwing. */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';

  constructor(readonly reason: AppError) {
    super(reason.code);
  }
}

export async function callOrThrow<Name extends OperationName>(
  api: AppApi,
  name: Name,
  params: OperationParams<Name>,
): Promise<OperationResult<Name>> {
  const outcome = await api.call(name, params);
  if (!outcome.ok) throw new OperationFailed(outcome.error);
  return outcome.value;
}

export interface AnswerOptions<Value> {
  /** False: the answer is not asked for, and a known one is kept. */
  readonly isWanted?: boolean;
  /** How long after an answer it is asked for again; null, and absent: not by itself. */
  readonly everyMs?: (value: Value | null) => number | null;
  /** True of an answer that will not change any more. */
  readonly isFinal?: (value: Value) => boolean;
  /** Another question of this name is answered with the last answer until its own arrives. */
  readonly keepsLast?: boolean;
  /** Nothing is kept of it when no component shows it. */
  readonly isPrivate?: boolean;
}

export interface Answer<Value> {
  /** The last one, also while another is asked for or cannot be had. */
  readonly value: Value | null;
  /** Why the last question was not answered. */
  readonly error: AppError | null;
  readonly isFetching: boolean;
  readonly refetch: () => void;
}

export function useAnswer<Name extends OperationName>(
  name: Name,
  params: OperationParams<Name>,
  { isWanted = true, everyMs, isFinal, keepsLast = false, isPrivate = false }: AnswerOptions<OperationResult<Name>> = {},
): Answer<OperationResult<Name>> {
  type Value = OperationResult<Name>;
  type AnswerQuery = Query<Value, OperationFailed>;
  const { api } = useScreen();
  const isOpen = useScreenState((state) => state.connection === 'open');
  const isDone = ({ state: { data } }: AnswerQuery): boolean => data !== undefined && isFinal?.(data) === true;
  const query = useQuery<Value, OperationFailed>({
    queryKey: [name, params],
    queryFn: () => callOrThrow(api, name, params),
    enabled: isOpen && isWanted,
    staleTime: (known) => (isDone(known) ? Infinity : 0),
    refetchInterval: (known) => (isDone(known) ? false : (everyMs?.(known.state.data ?? null) ?? false)),
    ...(keepsLast ? { placeholderData: (last: Value | undefined) => last as never } : {}),
    ...(isPrivate ? { gcTime: 0 } : {}),
  });
  const { data, error, isFetching, refetch } = query;
  return {
    value: data ?? null,
    error: error?.reason ?? null,
    isFetching,
    refetch: useCallback(() => void refetch(), [refetch]),
  };
}
