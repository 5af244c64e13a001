// For each operation on the models of this computer: params, the result, and the calls of its service.
import type { OperationName } from '../../src/shared/api/app-api';
import { modelDisk } from '../support/own-models';
import type { Case } from './operations';

type ModelOperation = Extract<OperationName, `models.${string}`>;

const model_id = 'org/model:7b';
const agentCalls: NonNullable<Case['calls']> = ({ agent }) => agent.calls;

export const OWN_MODEL_CASES: Readonly<Record<ModelOperation, Case>> = {
  'models.download': { params: { model_id }, value: {}, calls: agentCalls, expected: [['download', model_id]] },
  'models.pause_download': { params: { model_id }, value: {}, calls: agentCalls, expected: [['pauseDownload', model_id]] },
  'models.cancel_download': { params: { model_id }, value: {}, calls: agentCalls, expected: [['cancelDownload', model_id]] },
  'models.remove': { params: { model_id }, value: { state: 'done' }, calls: agentCalls, expected: [['remove', model_id]] },
  'models.control': {
    params: { model_id, action: 'pin' },
    value: { state: 'started' },
    calls: agentCalls,
    expected: [['control', model_id, 'pin']],
  },
  'models.share': {
    params: { model_id, shared: false },
    value: {},
    calls: ({ agent, settings }) => [agent.calls, settings.calls],
    expected: [[['share', model_id, false]], [['set', [{ key: 'agent.unshared_models', value: [model_id] }]]]],
  },
  'models.storage': { params: {}, value: { disk: modelDisk }, calls: agentCalls, expected: [['disk']] },
};
