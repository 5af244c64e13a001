// Renders a page by its name.
import { lazy, Suspense } from 'react';
import { assertNever } from '../../shared/assert-never';
import { ComputerPage } from '../pages/computer/ComputerPage';
import { DispatchPage } from '../pages/dispatch/DispatchPage';
import { GpusPage } from '../pages/gpus/GpusPage';
import { JobsPage } from '../pages/jobs/JobsPage';
import { MembersPage } from '../pages/members/MembersPage';
import { ModelsPage } from '../pages/models/ModelsPage';
import { NodesPage } from '../pages/nodes/NodesPage';
import { PoolPage } from '../pages/pool/PoolPage';
import { SettingsPage } from '../pages/settings/SettingsPage';
import type { PageName } from '../routes';

const TryPage = lazy(async () => ({ default: (await import('../pages/try/TryPage')).TryPage }));
const LogsPage = lazy(async () => ({ default: (await import('../pages/logs/LogsPage')).LogsPage }));
const SetupPage = lazy(async () => ({ default: (await import('../pages/setup/SetupPage')).SetupPage }));
const ConnectPage = lazy(async () => ({ default: (await import('../pages/connect/ConnectPage')).ConnectPage }));

export function PageView({ page }: { readonly page: PageName }) {
  switch (page) {
    case 'computer':
      return <ComputerPage />;
    case 'gpus':
      return <GpusPage />;
    case 'models':
      return <ModelsPage />;
    case 'jobs':
      return <JobsPage />;
    case 'pool':
      return <PoolPage />;
    case 'nodes':
      return <NodesPage />;
    case 'members':
      return <MembersPage />;
    case 'dispatch':
      return <DispatchPage />;
    case 'try':
      return (
        <Suspense fallback={LOADING}>
          <TryPage />
        </Suspense>
      );
    case 'connect':
      return (
        <Suspense fallback={LOADING}>
          <ConnectPage />
        </Suspense>
      );
    case 'setup':
      return (
        <Suspense fallback={LOADING}>
          <SetupPage />
        </Suspense>
      );
    case 'logs':
      return (
        <Suspense fallback={LOADING}>
          <LogsPage />
        </Suspense>
      );
    case 'settings':
      return <SettingsPage />;
    default:
      return assertNever(page);
  }
}

/** While the code of a page loads. */
const LOADING = <div aria-busy="true" data-page-loading="" />;
