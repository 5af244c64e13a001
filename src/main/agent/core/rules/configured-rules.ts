// The rules of the owner from the configuration, whose entries are valid.
import { parseSharingHours } from '../../../../shared/sharing-hours';
import type { RulesConfig } from '../../../platform/config/config';
import type { OwnerRules } from './judge-rules';

export const configuredRules = (config: RulesConfig): OwnerRules => ({
  hours: config.sharingHours.flatMap((text) => parseSharingHours(text) ?? []),
  fullScreen: config.pauseOnFullScreen ? { except: config.fullScreenExceptions } : null,
  programs: config.pauseForPrograms,
  onlyOnMains: config.mainsPowerOnly,
  maxCelsius: config.pauseAboveCelsius,
  runningJobs: config.moveJobs ? 'move' : 'finish',
});
