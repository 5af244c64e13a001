// The dialogs that open on every page, the keys of the frame, and the actions of the palette.
import { SharingCommands } from '../components/sharing/SharingCommands';
import { JoinRequestDialog } from '../pages/members/JoinRequestDialog';
import { ClusterCommands } from '../pages/cluster/ClusterCommands';
import { JobCommands } from '../pages/jobs/JobCommands';
import { ModelCommands } from '../pages/models/ModelCommands';
import { NodeCommands } from '../pages/nodes/NodeCommands';
import { PoolCommands } from '../pages/pool/PoolCommands';
import { TryCommands } from '../pages/try/TryCommands';
import { AccessCommands } from './palette/AccessCommands';
import { FrameKeys } from './palette/FrameKeys';

export const FrameDialogs = () => (
  <>
    <JoinRequestDialog />
    <FrameKeys />
    <NodeCommands />
    <JobCommands />
    <ModelCommands />
    <TryCommands />
    <PoolCommands />
    <ClusterCommands />
    <AccessCommands />
    <SharingCommands />
  </>
);
