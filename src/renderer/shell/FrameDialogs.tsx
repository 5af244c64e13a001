// The dialogs that open on every page, the keys of the frame, and the actions of the palette.
import { SharingCommands } from '../components/sharing/SharingCommands';
import { JoinRequestDialog } from '../pages/members/JoinRequestDialog';
import { NodeCommands } from '../pages/nodes/NodeCommands';
import { FrameKeys } from './palette/FrameKeys';

export const FrameDialogs = () => (
  <>
    <JoinRequestDialog />
    <FrameKeys />
    <NodeCommands />
    <SharingCommands />
  </>
);
