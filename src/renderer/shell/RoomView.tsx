// From a room's name to its page.
import { assertNever } from '../../shared/assert-never';
import { DispatchPage } from '../features/dispatch/DispatchPage';
import { GpusPage } from '../features/gpus/GpusPage';
import { JobsPage } from '../features/jobs/JobsPage';
import { ModelsPage } from '../features/models/ModelsPage';
import { NodesPage } from '../features/nodes/NodesPage';
import { OverviewPage } from '../features/overview/OverviewPage';
import { PoolPage } from '../features/pool/PoolPage';
import { SettingsPage } from '../features/settings/SettingsPage';
import type { Room } from './rooms';

export function RoomView({ room }: { readonly room: Room }) {
  switch (room) {
    case 'overview':
      return <OverviewPage />;
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
    case 'dispatch':
      return <DispatchPage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return assertNever(room);
  }
}
