// The sources of this computer for the rules of the owner, on Linux. Nothing is started before a rule needs it.
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { OwnerSources } from './fact-source';
import { LinuxBattery } from './linux-battery';
import { X11FullScreen } from './x11-full-screen';

export const linuxSources = (options: { readonly clock: Clock; readonly logger: Logger }): OwnerSources => ({
  fullScreen: new X11FullScreen(options),
  onBattery: new LinuxBattery(options),
});
