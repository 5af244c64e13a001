// A pool with one scheduler: its facts, and the steps to a cluster.
import type { ClusterView } from '../../../shared/api/cluster';
import { isOnThisComputer, ownHostOf } from '../../../shared/api/own-host';
import { isLoopbackHost } from '../../../shared/loopback';
import { useClockPart } from '../../clock/Clock';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { LinkButton } from '../../components/LinkButton';
import { Rich } from '../../components/Rich';
import { StatTiles } from '../../components/StatTiles';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { SELDOM_MS, useSettings } from '../../queries/settings';
import { useOperation } from '../../queries/use-operation';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import classes from './SchedulerAlone.module.css';
import { StateHero } from './StateHero';

type Member = ClusterView['members'][number];

export interface SchedulerAloneProps {
  readonly cluster: ClusterView;
  readonly mayManage: boolean;
}

export function SchedulerAlone({ cluster: { members }, mayManage }: SchedulerAloneProps) {
  const { t } = useLabels();
  const [member] = members;
  return (
    <>
      <StateHero shape="available" title={t('cluster.alone_title')}>
        <p>{t('cluster.alone')}</p>
      </StateHero>
      {member !== undefined && (
        <>
          <Figures member={member} />
          {mayManage ? <ClusterSteps member={member} /> : <Dim as="p">{t('cluster.owner_only')}</Dim>}
        </>
      )}
    </>
  );
}

function Figures({ member: { name, address, version, started_at: started } }: { readonly member: Member }) {
  const { t, format } = useLabels();
  const runsFor = useClockPart((nowWallMs) => format.duration(nowWallMs - started));
  return (
    <Card label={t('cluster.figures')}>
      <StatTiles
        label={t('cluster.figures')}
        tiles={[
          { label: t('cluster.scheduler'), figure: name, note: address },
          { label: t('cluster.runs_for'), figure: runsFor, note: t('cluster.version_note', { version }) },
          { label: t('cluster.data'), figure: t('cluster.data_files'), note: t('cluster.data_note') },
        ]}
      />
    </Card>
  );
}

const STEPS = ['install', 'configure', 'import', 'start', 'others', 'result'] as const;
/** The app sets the host of its own scheduler by the scope that the owner chose. */
const STEPS_OF_APP = ['install', 'share', 'configure', 'import', 'start', 'others', 'result'] as const;

/** `member` null: the scheduler of this computer, which is stopped. */
export function ClusterSteps({ member }: { readonly member: Member | null }) {
  const { t } = useLabels();
  const isHostedHere = useApp((app) => ownHostOf(app) !== null) || member === null;
  const isShared = useApp(({ host }) => host?.scope === 'lan');
  const file = useConfigFile();
  const codes = {
    install: "CREATE USER muster PASSWORD '...';\nCREATE DATABASE muster OWNER muster;",
    configure: configOf(member, isHostedHere, t('cluster.replace')),
    import: 'muster cluster import',
    others: isHostedHere ? 'muster scheduler --host 0.0.0.0' : 'muster scheduler',
    result: 'muster cluster status',
  } as const;
  return (
    <Card title={t('pool.cluster_title')}>
      <Dim as="p">{t('pool.cluster_note')}</Dim>
      {!isHostedHere && <Dim as="p">{t('cluster.steps_keep')}</Dim>}
      <ol className={classes['steps']}>
        {(isHostedHere ? STEPS_OF_APP : STEPS).map((step, index) => {
          const isDone = step === 'share' && isShared;
          return (
            <li key={step}>
              {isDone ? (
                <StatusShape shape="ready" size={22} />
              ) : (
                <span className={classes['number']} aria-hidden="true">
                  {index + 1}
                </span>
              )}
              <div>
                {step === 'configure' ? (
                  <>
                    <p>
                      <Rich k="cluster.step.configure" values={{ file: file ?? 'config.toml' }} />
                    </p>
                    {!isHostedHere && <p>{t('cluster.table_once')}</p>}
                    {file !== null && <SettingsLinks hasNetwork={!isHostedHere} />}
                  </>
                ) : (
                  <p>{t(isDone ? 'cluster.shared' : `cluster.step.${step}`)}</p>
                )}
                {isHostedHere && !isDone && ON_POOL_PAGE.has(step) && <a href={hrefOf({ page: 'pool' })}>{t('cluster.open_pool')}</a>}
              </div>
              {step !== 'start' && step !== 'share' && <CopyField label={t(`cluster.step_code.${step}`)} hideLabel value={codes[step]} />}
            </li>
          );
        })}
      </ol>
      <Guide />
    </Card>
  );
}

const ON_POOL_PAGE: ReadonlySet<string> = new Set(['share', 'import', 'start']);

/** The sections with the settings of the step `configure`. */
function SettingsLinks({ hasNetwork }: { readonly hasNetwork: boolean }) {
  const { t, gap } = useLabels();
  return (
    <p>
      {t('cluster.in_settings')}
      {gap}
      <a href={hrefOf({ page: 'settings', id: 'cluster' })}>{t('setting_section.cluster')}</a>
      {hasNetwork && (
        <>
          {t('punctuation.list')}
          <a href={hrefOf({ page: 'settings', id: 'network' })}>{t('setting_section.network')}</a>
        </>
      )}
    </p>
  );
}

/** The configuration file of the scheduler, where it is a part of this program or on its computer. */
function useConfigFile(): string | null {
  const isHere = useApp(({ agent }) => agent === null || agent.link.state === 'idle' || isOnThisComputer(agent.link.scheduler_url));
  const { value } = useSettings(SELDOM_MS);
  return isHere ? (value?.file ?? null) : null;
}

/** Only a package has the guide. */
function Guide() {
  const { t, gap } = useLabels();
  const hasGuide = useApp(({ app }) => app.documents?.includes('guide') === true);
  const open = useOperation('desktop.open_document');
  if (!hasGuide) return null;
  return (
    <div className={classes['guide']}>
      <Dim as="p">
        {t('cluster.guide')}
        {gap}
        <LinkButton onClick={() => void open.run({ document: 'guide' })}>{t('settings.guide_open')}</LinkButton>
      </Dim>
      <ErrorNote error={open.error} />
    </div>
  );
}

/** As in docs/cluster.md, with the name and the address of this scheduler. `mark`: the comment at a value that the owner replaces. */
const configOf = (member: Member | null, isHostedHere: boolean, mark: string): string =>
  [
    ...(isHostedHere ? [] : ['[server]', 'host = "0.0.0.0"', '']),
    '[cluster]',
    `database_url = "postgres://muster@db.example/muster" # ${mark}`,
    `database_password_file = "/etc/muster/database-password" # ${mark}`,
    ...(member === null
      ? [`member_name = "a" # ${mark}`, `address = "muster-a.example:7080" # ${mark}`]
      : [
          `member_name = ${JSON.stringify(member.name)}`,
          `address = ${JSON.stringify(member.address)}${isOnlyHere(member) ? ` # ${mark}` : ''}`,
        ]),
  ].join('\n');

/** No other computer reaches the address. */
const isOnlyHere = ({ address }: Member): boolean => isLoopbackHost(address.slice(0, address.lastIndexOf(':')));
