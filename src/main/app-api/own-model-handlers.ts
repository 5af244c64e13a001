// The operations on the models of this computer.
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import type { AgentPort } from '../contracts/ports';
import type { OperationHandlers } from './operation-types';
import { emptied } from './outcomes';
import type { SettingWriter } from './setting-writer';

type ModelOperation = Extract<keyof OperationHandlers, `models.${string}`>;

export const ownModelHandlers = (agent: AgentPort | null, write: SettingWriter): Pick<OperationHandlers, ModelOperation> => ({
  'models.download': ({ model_id }) => emptied(agent?.models.download(model_id)),
  'models.pause_download': ({ model_id }) => emptied(agent?.models.pauseDownload(model_id)),
  'models.cancel_download': ({ model_id }) => emptied(agent?.models.cancelDownload(model_id)),
  'models.remove': ({ model_id }) => agent?.models.remove(model_id) ?? notAvailableHere(),
  'models.control': ({ model_id, action }) => agent?.models.control(model_id, action) ?? notAvailableHere(),
  'models.share': ({ model_id, shared }) => write((own) => own.models.share(model_id, shared)),
  'models.storage': async () => (agent === null ? notAvailableHere() : ok({ disk: await agent.models.disk() })),
});
