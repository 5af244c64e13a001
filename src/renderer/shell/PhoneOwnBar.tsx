// In windows below 600 px: the state of this computer, its pool, its warnings and the sharing switch above the tabs, on every page.
import { usePoolName } from '../components/own/use-pool-name';
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
          <span className={classes['note']}>
            <PoolName />
            <OwnReason agent={agent} className={classes['reason']} partClass={classes['part']} />
          </span>
        </div>
        <WarningMark hasWord />
        <SharingSwitch sharing={sharing} />
      </div>
    )}
  </OwnSection>
);

/** A phone shows no rail, which names the pool. */
function PoolName() {
  const name = usePoolName();
  return name === null ? null : <span className={classes['pool']}>{name}</span>;
}
