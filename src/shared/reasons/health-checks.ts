// Texts of the checks that a node failed (lifecycle §2), with their values. The key is the code of the check or, for codes with several
// causes, the cause.
import type { ReasonText } from './reason-text';

interface GpuValues {
  readonly gpuPercent: number | null | undefined;
  readonly of: number;
}

interface ModelValues {
  /** The first of the models that are not ready. */
  readonly models: readonly { readonly modelId: string; readonly state: string }[];
  readonly notReady: number;
  readonly of: number;
}

export const HEALTH_CHECK_TEXTS = {
  heartbeat_late: ({ lateMs }: { readonly lateMs: number }): ReasonText => ({
    zh: `心跳迟到 ${String(lateMs)} 毫秒`,
    en: `heartbeat ${String(lateMs)} ms late`,
  }),
  no_gpu_memory: ({ of }: GpuValues): ReasonText => ({ zh: `${String(of)} 块显卡均无显存`, en: `none of ${String(of)} GPUs has memory` }),
  use_unreadable: ({ gpuPercent }: GpuValues): ReasonText => ({
    zh: `GPU 使用率不可读（${String(gpuPercent)}）`,
    en: `GPU use is not readable (${String(gpuPercent)})`,
  }),
  none_available: ({ of }: GpuValues): ReasonText => ({ zh: `可用显卡：0/${String(of)}`, en: `0 of ${String(of)} GPUs available` }),
  no_enabled_model: (): ReasonText => ({ zh: '没有已启用的模型', en: 'no enabled model' }),
  models_not_ready: (values: ModelValues): ReasonText => ({
    zh: `模型未就绪 ${shareOf(values)}：${namesOf(values)}`,
    en: `models not ready ${shareOf(values)}: ${namesOf(values)}`,
  }),
};

const shareOf = ({ notReady, of }: ModelValues): string => `${String(notReady)}/${String(of)}`;
const namesOf = ({ models }: ModelValues): string => models.map(({ modelId, state }) => `${modelId} (${state})`).join(', ');
