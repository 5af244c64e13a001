// Runs an operation of AppApi for a button or a form: whether it is under way, and why it was not done.
import { useState } from 'react';
import type { AppError, OperationName, OperationParams, OperationResult, Outcome } from '../../shared/api/app-api';
import { useScreen } from './Screen';

export interface OperationRun<Name extends OperationName> {
  readonly pending: boolean;
  readonly error: AppError | null;
  run(params: OperationParams<Name>): Promise<Outcome<OperationResult<Name>>>;
  clear(): void;
}

export function useOperation<Name extends OperationName>(name: Name): OperationRun<Name> {
  const { api } = useScreen();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  return {
    pending,
    error,
    async run(params) {
      setPending(true);
      setError(null);
      const outcome = await api.call(name, params);
      setPending(false);
      if (!outcome.ok) setError(outcome.error);
      return outcome;
    },
    clear: () => setError(null),
  };
}
