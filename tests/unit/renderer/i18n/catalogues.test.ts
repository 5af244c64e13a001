import { describe, expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { isCode } from '../../../../src/renderer/i18n/use-labels';
import { zhCn } from '../../../../src/renderer/i18n/zh-cn/index';
import type { AdapterRefusalCode, GpuFaultCode } from '../../../../src/main/hardware/parse/types';
import type { ModelReasonCode } from '../../../../src/main/runtimes/core/model-folders/local-model';
import { MEASURING_ERRORS } from '../../../../src/main/runtimes/core/measuring/measurement';
import type { RuntimeReason } from '../../../../src/main/runtimes/core/runtime-snapshot';
import type { ServedReason } from '../../../../src/main/runtimes/core/servers/server-type';
import type { UnavailableReason } from '../../../../src/main/runtimes/core/hysteresis';
import type { RefusalCode } from '../../../../src/main/scheduler/lifecycle/events';
import type { SchedulerFailure } from '../../../../src/main/scheduler/open-scheduler';
import type { AddressFault } from '../../../../src/shared/api/join-link';
import { gpuViewSchema, measurementSchema, noticeSchema, probeTraceSchema, runtimeViewSchema } from '../../../../src/shared/api/agent-view';
import { JOIN_STEPS, joinStepSchema } from '../../../../src/shared/api/app-api';
import { hostViewSchema } from '../../../../src/shared/api/app-state';
import { ATTEMPT_OUTCOMES, CANCEL_REASONS, JOB_STATUSES } from '../../../../src/shared/api/job';
import { CLOSE_CODES, HTTP_ERRORS, NODE_ERRORS } from '../../../../src/shared/protocol/codes';
import { JOB_ERRORS } from '../../../../src/shared/protocol/job-errors';
import { CAPABILITY_STATES, FEATURES, MODEL_KINDS } from '../../../../src/shared/protocol/node-messages';
import { EXCLUSION_REASONS, HEALTH_CODES, NODE_STATUSES, STATUS_REASONS } from '../../../../src/shared/protocol/status';
import { textsOf } from '../support/catalogue';

const english = textsOf(en);
const chinese = textsOf(zhCn);
const placeholders = (text = ''): string[] => [...text.matchAll(/\{\{(\w+)\}\}|<b>/g)].map(([whole]) => whole).sort();

describe('the two catalogues', () => {
  test('have the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test('have the same placeholders and tags under each key', () => {
    const different = [...english.keys()].filter((key) => placeholders(english.get(key)).join() !== placeholders(chinese.get(key)).join());
    expect(different).toEqual([]);
  });

  test('no empty text, Chinese differs from English', () => {
    const empty = [...english, ...chinese].filter(([, text]) => text.trim() === '').map(([key]) => key);
    const hasText = (text: string): boolean => /[a-z]{3,}/i.test(text.replace(/\{\{\w+\}\}|<\/?b>/g, ''));
    const sameText = [...english].filter(([key, text]) => hasText(text) && chinese.get(key) === text).map(([key]) => key);
    expect(empty).toEqual([]);
    expect(sameText).toEqual([
      ...['use_name.cpu', 'use_name.gpu', 'gpus.gpu', 'gpus.used', 'gpus.uuid', 'gpus.mig'],
      ...['settings.platform_windows', 'settings.platform_linux', 'settings.platform_macos'],
      ...['setting_choice.json', 'setting_unit.gibibytes', 'setting_unit.mebibytes', 'setting_origin.file_no_line'],
      ...['pool_task.name.responses', 'pool_task.name.messages'],
    ]);
  });

  test('no blaming text, no "Oops"', () => {
    expect([...english].filter(([, text]) => /oops|invalid input|you must|your fault/i.test(text))).toEqual([]);
  });
});

/** `runtime_http` stands for the codes with an HTTP status, such as `runtime_http_500`. */
const JOB_ERROR_WORDS = [...JOB_ERRORS, 'runtime_http'];

describe('every code has a text', () => {
  const adapterRefusals: Record<AdapterRefusalCode, true> = {
    virtual_adapter: true,
    display_only: true,
    integrated_small: true,
    no_memory_reported: true,
    no_driver: true,
    no_nvidia_smi: true,
    driver_not_working: true,
  };
  // Records rather than lists, so that a new code of the type is a compile error until it is listed here.
  const hostErrors: Record<SchedulerFailure['code'], true> = {
    PORT_IN_USE: true,
    PORT_NOT_PERMITTED: true,
    ADDRESS_NOT_AVAILABLE: true,
    LISTEN_FAILED: true,
    CERTIFICATE_UNUSABLE: true,
    DATABASE_UNREADABLE: true,
    DATABASE_LOCKED: true,
    DATABASE_TOO_NEW: true,
  };
  const modelReasons: Record<ModelReasonCode, true> = {
    all_verified: true,
    file_missing: true,
    incomplete: true,
    verifying: true,
    downloading: true,
    size_differs: true,
    checksum_differs: true,
    path_escapes: true,
    program_missing: true,
    unreadable: true,
    gpu_too_small: true,
    process_not_running: true,
    process_unknown: true,
  };
  const foundReasons: Record<ServedReason, true> = {
    loaded: true,
    cold: true,
    listed: true,
    loading: true,
    downloading: true,
    not_loaded: true,
    load_failed: true,
    state_unknown: true,
    readiness_unknown: true,
  };
  const lostReasons: Record<UnavailableReason, true> = { runtime_not_running: true, runtime_starting: true, runtime_unauthorized: true };
  const refusals: Record<RefusalCode, true> = {
    unknown_node: true,
    node_offline: true,
    already_drained: true,
    not_drained: true,
    not_quarantined: true,
    paused_by_owner: true,
    drained_by_operator: true,
    not_connected: true,
  };
  const addressFaults: Record<AddressFault, true> = {
    empty: true,
    scheme_unknown: true,
    not_a_join_link: true,
    host_invalid: true,
    port_invalid: true,
    token_invalid: true,
    pin_invalid: true,
  };
  const gpuFaults: Record<GpuFaultCode, true> = {
    gpu_lost: true,
    driver_mismatch: true,
    driver_not_loaded: true,
    probe_timeout: true,
    unreadable_output: true,
    probe_failed: true,
  };
  // `aborted` is part of the type, although no probe is aborted from outside.
  const runtimeReasons: Record<RuntimeReason, true> = {
    ok: true,
    loading_model: true,
    not_ready: true,
    list_not_answered: true,
    health_unknown: true,
    health_not_answered: true,
    engine_dead: true,
    key_needed: true,
    not_recognised: true,
    muster_scheduler: true,
    key_file_missing: true,
    key_file_unreadable: true,
    key_file_exposed: true,
    key_file_not_a_key: true,
    refused: true,
    name_not_found: true,
    address_refused: true,
    timeout: true,
    aborted: true,
    too_large: true,
    unreadable_answer: true,
    broken: true,
  };
  test.each([
    ['status', NODE_STATUSES],
    ['status_reason', Object.keys(STATUS_REASONS)],
    ['health_code', HEALTH_CODES],
    ['exclusion', EXCLUSION_REASONS],
    ['exclusion_help', EXCLUSION_REASONS],
    ['job_status', JOB_STATUSES],
    ['attempt_outcome', ATTEMPT_OUTCOMES],
    ['job_error', JOB_ERROR_WORDS],
    ['job_help', JOB_ERROR_WORDS],
    ['cancel_reason', CANCEL_REASONS],
    ['gpu_use_fault', ['no_gpu_memory', 'use_unreadable', 'none_available']],
    ['node_model_state', [...CAPABILITY_STATES, 'disabled', 'unknown']],
    ['model_state', CAPABILITY_STATES],
    ['model_kind', MODEL_KINDS],
    ['feature', FEATURES],
    ['notice', noticeSchema.shape.code.options],
    ['trace', probeTraceSchema.shape.outcome.options],
    ['gpu_refusal', Object.keys(adapterRefusals)],
    ['gpu_fault', Object.keys(gpuFaults)],
    [
      'link_cause',
      [
        ...['refused', 'timeout', 'name_not_found', 'unreachable', 'connection_lost', 'blocked', 'tls', 'not_a_scheduler', 'network'],
        ...['invalid_url', 'no_answer', 'silent', 'scheduler_stopping', 'http_503'],
        ...Object.values(CLOSE_CODES)
          .filter((code) => code !== CLOSE_CODES.schedulerStopping)
          .map((code) => `closed_${String(code)}`),
      ],
    ],
    ['host_error', [...Object.keys(hostErrors), 'CONFIG_INVALID', 'CRASHED']],
    ['model_reason', Object.keys({ ...modelReasons, ...foundReasons, ...lostReasons })],
    ['runtime_reason', Object.keys(runtimeReasons)],
    ['runtime_state', runtimeViewSchema.shape.state.options],
    ['measurement_waiting', measurementSchema.options[2].shape.code.options],
    ['measurement_failed', MEASURING_ERRORS],
    ['measurement_impossible', ['no_suited_request']],
    ['impossible', [...Object.keys(refusals), 'hosting', 'no_suited_request', 'unknown_job', 'already_ended']],
    [
      'join_code',
      [
        ...Object.keys(addressFaults),
        'timeout',
        'name_not_found',
        'refused',
        'unreachable',
        'not_a_scheduler',
        'unauthorized',
        'protocol_unsupported',
      ],
    ],
  ] as const)('of %s', (group, codes) => {
    expect(codes.filter((code) => !isCode(group, code))).toEqual([]);
  });

  test('every error: title and fix', () => {
    const codes = [
      ...Object.keys(NODE_ERRORS),
      ...Object.keys(HTTP_ERRORS),
      'REMOVED',
      'REPLACED',
      'NOT_AVAILABLE_HERE',
      'NOT_CONNECTED',
      'DISCONNECTED',
      'STOPPED',
    ];
    const worded = Object.entries(en.error)
      .filter(([, { title, fix }]) => title !== '' && fix !== '')
      .map(([code]) => code);
    expect(codes.filter((code) => !worded.includes(code))).toEqual([]);
  });

  test('states of host, join steps and readings', () => {
    const missing = [
      // A stopped host is offered to start, without a state.
      ...hostViewSchema.shape.state.options.filter((state) => state !== 'stopped' && !(state in en.pool.host_state)),
      ...hostViewSchema.shape.scope.options.filter((scope) => !(scope in en.pool.scope)),
      ...JOIN_STEPS.filter((step) => !(step in en.pool.step)),
      ...joinStepSchema.shape.outcome.options.filter((outcome) => !(outcome in en.pool.outcome)),
      ...gpuViewSchema.shape.utilization_percent.options[1].shape.reason.options.filter((reason) => !(reason in en.unknown)),
    ];
    expect(missing).toEqual([]);
  });
});
