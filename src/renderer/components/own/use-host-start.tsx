// Starts the pool of this computer, or starts it again with other settings. A restart interrupts the requests of other computers: while one
// of them is connected, the user is asked first.
import { type ReactNode, useState } from 'react';
import type { AppError, OperationParams } from '../../../shared/api/app-api';
import { RestartDialog } from '../RestartDialog';
import { useOperation } from '../../queries/use-operation';
import { hostedLosses } from '../../store/hosted-losses';
import { useApp } from '../../store/Screen';

type HostStart = OperationParams<'host.start'>;

export interface HostStarter {
  readonly start: (params: HostStart) => void;
  readonly pending: boolean;
  /** Null also while the question is open: it shows the error itself. */
  readonly error: AppError | null;
  /** To render beside the control. */
  readonly question: ReactNode;
}

export function useHostStart(): HostStarter {
  const operation = useOperation('host.start');
  const [asked, setAsked] = useState<HostStart | null>(null);
  const isUsed = useApp((app) => app.host?.state === 'running' && hostedLosses(app).others > 0);
  const run = async (): Promise<{ readonly ok: boolean }> => (asked === null ? { ok: true } : operation.run(asked));
  return {
    start: (params) => {
      if (isUsed) setAsked(params);
      else void operation.run(params);
    },
    pending: operation.pending,
    error: asked === null ? operation.error : null,
    question: <RestartDialog operation={operation} run={run} opened={asked !== null} onClose={() => setAsked(null)} />,
  };
}
