// The settings of a run of the hosted scheduler: what the user chose, else what is configured. Pure.
import type { HostView } from '../../../shared/api/app-state';
import { loopbackNeedsKey, type LoopbackRules } from '../../../shared/loopback';
import type { HostSettings } from '../../contracts/ports';

/** As the view shows them. */
export type RunSettings = Pick<HostView, 'scope' | 'plain_http_api' | 'announced'>;

/** The configuration of the hosted scheduler that the supervisor needs. */
export interface HostConfig extends LoopbackRules {
  /** 0: a free port at the first start, then the same port again, since nodes and join links use it. */
  readonly port: number;
  /** The user can choose these two otherwise (`HostSettings`). */
  readonly plainHttpApi: boolean;
  readonly announce: boolean;
}

type Sharing = Pick<HostConfig, 'plainHttpApi' | 'announce'>;

export const runSettings = ({ scope, plainHttpApi, announce }: HostSettings, configured: Sharing): RunSettings => ({
  scope,
  plain_http_api: plainHttpApi ?? configured.plainHttpApi,
  announced: announce ?? configured.announce,
});

/** Whether programs on this computer need a key in a run that begins now. */
export const needsKeyHere = ({ scope }: HostSettings, configured: HostConfig): boolean => scope === 'lan' || loopbackNeedsKey(configured);

/** What was configured when the run began, as far as the user chose nothing else. */
export const configuredOf = (run: RunSettings): Sharing => ({ plainHttpApi: run.plain_http_api, announce: run.announced });

/** Whether the run needs no restart for these settings. Two of them concern a shared pool only. */
export const isSameRun = (settings: HostSettings, run: RunSettings): boolean => {
  if (settings.scope === 'this_computer' && run.scope === 'this_computer') return true;
  const { scope, plain_http_api: isPlain, announced } = runSettings(settings, configuredOf(run));
  return scope === run.scope && isPlain === run.plain_http_api && announced === run.announced;
};

/** For the child, which reads every other setting in the configuration. */
export const chosenArgs = ({ plainHttpApi, announce }: HostSettings): readonly string[] => [
  ...(plainHttpApi === undefined ? [] : ['--plain-http-api', String(plainHttpApi)]),
  ...(announce === undefined ? [] : ['--announce', String(announce)]),
];
