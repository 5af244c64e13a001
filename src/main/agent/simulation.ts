// The owner looks around with a simulated GPU in place of the hardware of this computer: for a computer without a GPU (ADR 0038). It is
// not stored: it ends with the program.
import type { Simulation } from '../../shared/api/agent-view';
import type { SimulatedGpu } from '../hardware/decide/simulated';
import { hasModels, writeSimulatedModel } from '../runtimes/model-folders/simulated-model';
import { type AgentOptions, modelFoldersOf } from './agent-options';
import { EVERY_GPU } from './core/gpu-choice';
import type { HardwarePort } from './hardware-poller';

const GPUS: readonly SimulatedGpu[] = [{ name: 'Simulated GPU', memoryGb: 24 }];

export interface OwnSimulationOptions {
  readonly hardware: Pick<HardwarePort, 'simulate'>;
  /** A setting simulates, for as long as the program runs. */
  readonly bySetting: boolean;
  /** The options of the agent changed. Resolves when the hardware and the models of now are known. */
  readonly apply: () => Promise<void>;
  /** Leaves the pool, which keeps no node with hardware that is gone. */
  readonly leave: () => void;
  /** Connects with the hardware of now. */
  readonly connect: () => void;
}

export class OwnSimulation {
  readonly #options: OwnSimulationOptions;
  #isOn = false;
  #changes = 0;
  #lastChange: Promise<void> = Promise.resolve();

  constructor(options: OwnSimulationOptions) {
    this.#options = options;
  }

  get state(): Simulation {
    if (this.#options.bySetting) return 'setting';
    return this.#isOn ? 'owner' : 'off';
  }

  /** One change after the other. */
  async set(isOn: boolean): Promise<void> {
    if (isOn === this.#isOn) return this.#lastChange;
    this.#isOn = isOn;
    this.#changes++;
    this.#lastChange = this.#lastChange.then(() => this.#change(isOn));
    return this.#lastChange;
  }

  /** The hardware of now is not known: the agent connects to no pool. */
  get isChanging(): boolean {
    return this.#changes > 0;
  }

  /** With every simulated GPU offered, and a model where there is none. */
  optionsOf(options: AgentOptions): AgentOptions {
    return this.#isOn ? { ...options, gpus: EVERY_GPU, modelFolders: foldersWithModel(options) } : options;
  }

  async #change(isOn: boolean): Promise<void> {
    const { hardware, apply, leave, connect } = this.#options;
    leave();
    await hardware.simulate(isOn ? GPUS : []);
    await apply();
    this.#changes--;
    if (this.#changes === 0) connect();
  }
}

/** A computer with a simulated GPU and no model gets a simulated model: without a model its node could never become ready. */
export function foldersWithModel(options: Pick<AgentOptions, 'modelFolders' | 'modelsDir' | 'simulatedModelsDir'>): readonly string[] {
  const folders = modelFoldersOf(options);
  if (hasModels(folders)) return options.modelFolders;
  writeSimulatedModel(options.simulatedModelsDir);
  return [...folders, options.simulatedModelsDir];
}
