// The models of this computer in memory: records calls.
import type { Outcome } from '../../src/shared/api/app-api';
import type { ModelDisk, OwnActAnswer } from '../../src/shared/api/own-models';
import type { ModelAction } from '../../src/shared/protocol/model-control';
import { ok } from '../../src/shared/result';
import type { Done, OwnModelsPort, SettingChange } from '../../src/main/contracts/ports';

export const modelDisk: ModelDisk = { path: '/home/a/.ollama/models', of: 'ollama', free_bytes: 54e9, total_bytes: 200e9 };

export class FakeOwnModels implements OwnModelsPort {
  readonly #calls: unknown[];

  constructor(calls: unknown[]) {
    this.#calls = calls;
  }

  download(modelId: string): Done {
    this.#calls.push(['download', modelId]);
    return ok(undefined);
  }

  pauseDownload(modelId: string): Done {
    this.#calls.push(['pauseDownload', modelId]);
    return ok(undefined);
  }

  cancelDownload(modelId: string): Done {
    this.#calls.push(['cancelDownload', modelId]);
    return ok(undefined);
  }

  remove(modelId: string): Promise<Outcome<OwnActAnswer>> {
    this.#calls.push(['remove', modelId]);
    return Promise.resolve(ok({ state: 'done' }));
  }

  control(modelId: string, action: ModelAction): Promise<Outcome<OwnActAnswer>> {
    this.#calls.push(['control', modelId, action]);
    return Promise.resolve(ok({ state: 'started' }));
  }

  share(modelId: string, shared: boolean): Outcome<readonly SettingChange[]> {
    this.#calls.push(['share', modelId, shared]);
    return ok([{ key: 'agent.unshared_models', value: [modelId] }]);
  }

  disk(): Promise<ModelDisk> {
    this.#calls.push(['disk']);
    return Promise.resolve(modelDisk);
  }
}
