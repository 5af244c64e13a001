// The dialogs that open on every page, and the keys of the frame.
import { JoinRequestDialog } from '../pages/members/JoinRequestDialog';
import { FrameKeys } from './palette/FrameKeys';

export const FrameDialogs = () => (
  <>
    <JoinRequestDialog />
    <FrameKeys />
  </>
);
