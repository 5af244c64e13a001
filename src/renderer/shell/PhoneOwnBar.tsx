// In windows below 600 px: the state of this computer, its warnings and the sharing switch above the tabs, on every page.
import { SharingSwitch } from '../components/sharing/SharingSwitch';
import { OwnSection } from './OwnSection';
import { OwnLabel, OwnReason } from './OwnState';
import { WarningMark } from './OwnWarnings';
import classes from './PhoneOwnBar.module.css';

export const PhoneOwnBar = () => (
  <OwnSection className={classes['bar']}>
    {(agent, sharing) => (
      <div className={classes['line']}>
        <div className={classes['state']}>
          <OwnLabel agent={agent} />
          <OwnReason agent={agent} className={classes['reason']} />
        </div>
        <WarningMark />
        <SharingSwitch sharing={sharing} />
      </div>
    )}
  </OwnSection>
);
