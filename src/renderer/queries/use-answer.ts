// A reading operation as a query: one request for all components that show the answer, refreshed while the answer is shown,
// not sent while the page is hidden or the connection is lost.
import { type Query, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AppApi, AppError, OperationName, OperationParams, OperationResult } from '../../shared/api/app-api';
import { useScreen, useScreenState } from '../store/Screen';

/** TanStack Query expects that failures are thrown. */
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
  /** False: no request is sent. A known answer is kept. */
  readonly isEnabled?: boolean;
  /** The refresh interval. Null or absent: no refresh. */
  readonly everyMs?: (value: Value | null) => number | null;
  /** True for an answer that will not change any more: it is not refreshed. */
  readonly isFinal?: (value: Value) => boolean;
  /** While an answer for other params is loading, the last answer is shown. */
  readonly keepsLast?: boolean;
  /** The answer is dropped from the cache when no component shows it. */
  readonly isPrivate?: boolean;
}

export interface Answer<Value> {
  /** The last answer, also while a refresh is running or has failed. */
  readonly value: Value | null;
  /** Why the last request failed. */
  readonly error: AppError | null;
  readonly isFetching: boolean;
  readonly refetch: () => void;
}

export function useAnswer<Name extends OperationName>(
  name: Name,
  params: OperationParams<Name>,
  { isEnabled = true, everyMs, isFinal, keepsLast = false, isPrivate = false }: AnswerOptions<OperationResult<Name>> = {},
): Answer<OperationResult<Name>> {
  type Value = OperationResult<Name>;
  type AnswerQuery = Query<Value, OperationFailed>;
  const { api } = useScreen();
  const isOpen = useScreenState((state) => state.connection === 'open');
  const isDone = ({ state: { data } }: AnswerQuery): boolean => data !== undefined && isFinal?.(data) === true;
  const query = useQuery<Value, OperationFailed>({
    queryKey: [name, params],
    queryFn: () => callOrThrow(api, name, params),
    enabled: isOpen && isEnabled,
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
