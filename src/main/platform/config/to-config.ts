// Maps the keys of the file (snake_case) to the configuration of the program (camelCase).
import type { AgentConfig, ClusterBusConfig, ClusterConfig, DesktopConfig, MusterConfig, ServerConfig } from './config';
import type { ConfigValues } from './keys';

export function toConfig(values: ConfigValues): MusterConfig {
  return {
    server: serverConfigOf(values),
    cluster: clusterConfigOf(values),
    scheduler: {
      maxConcurrentJobsPerNode: values['scheduler.max_concurrent_jobs_per_node'],
      jobTimeoutSeconds: values['scheduler.job_timeout_seconds'],
      requiredModels: values['scheduler.required_models'],
      offlineRetentionSeconds: values['scheduler.offline_retention_seconds'],
      neverReadyRetentionSeconds: values['scheduler.never_ready_retention_seconds'],
      maxNodes: values['scheduler.max_nodes'],
      maxProfileBytes: values['scheduler.max_profile_bytes'],
      statusPushIntervalSeconds: values['scheduler.status_push_interval_seconds'],
      drainTimeoutSeconds: values['scheduler.drain_timeout_seconds'],
      keys: {
        requestsPerSecond: values['scheduler.keys.requests_per_second'],
        megabytesPerMinute: values['scheduler.keys.megabytes_per_minute'],
        maxQueued: values['scheduler.keys.max_queued'],
        maxStreams: values['scheduler.keys.max_streams'],
        maxPriority: values['scheduler.keys.max_priority'],
      },
      openai: {
        queueTimeoutSeconds: values['scheduler.openai.queue_timeout_seconds'],
        busyTimeoutSeconds: values['scheduler.openai.busy_timeout_seconds'],
        modelAliases: values['scheduler.openai.model_aliases'],
      },
      jobs: {
        maxQueued: values['scheduler.jobs.max_queued'],
        retentionSeconds: values['scheduler.jobs.retention_seconds'],
        maxFinished: values['scheduler.jobs.max_finished'],
        maxStorageMb: values['scheduler.jobs.max_storage_mb'],
        keepAnswers: values['scheduler.jobs.keep_answers'],
      },
      loadBalancer: {
        strategy: values['scheduler.load_balancer.strategy'],
        holdJobs: values['scheduler.load_balancer.hold_jobs'],
        cpuThreshold: values['scheduler.load_balancer.cpu_threshold'],
        gpuThreshold: values['scheduler.load_balancer.gpu_threshold'],
        memoryThreshold: values['scheduler.load_balancer.memory_threshold'],
      },
      nodeHealth: {
        heartbeatIntervalSeconds: values['scheduler.node_health.heartbeat_interval_seconds'],
        heartbeatTimeoutSeconds: values['scheduler.node_health.heartbeat_timeout_seconds'],
        warmupTimeoutSeconds: values['scheduler.node_health.warmup_timeout_seconds'],
        healthCheckSuccessThreshold: values['scheduler.node_health.health_check_success_threshold'],
        failureRateWindowSize: values['scheduler.node_health.failure_rate_window_size'],
        failureRateThreshold: values['scheduler.node_health.failure_rate_threshold'],
        consecutiveFailureThreshold: values['scheduler.node_health.consecutive_failure_threshold'],
        recoverySuccessThreshold: values['scheduler.node_health.recovery_success_threshold'],
        periodicScanIntervalSeconds: values['scheduler.node_health.periodic_scan_interval_seconds'],
      },
    },
    agent: agentConfigOf(values),
    runtimes: {
      lookForLocal: values['runtimes.look_for_local'],
      urls: values['runtimes.urls'],
      allowedHosts: values['runtimes.allowed_hosts'],
      apiKeyFiles: values['runtimes.api_key_files'],
      measureModels: values['runtimes.measure_models'],
      pullModels: values['runtimes.pull_models'],
    },
    desktop: desktopConfigOf(values),
    log: { level: values['log.level'], format: values['log.format'] },
  };
}

const agentConfigOf = (values: ConfigValues): AgentConfig => ({
  schedulerUrl: values['agent.scheduler'],
  otherSchedulers: values['agent.other_schedulers'],
  tokenFile: values['agent.token_file'],
  name: values['agent.name'],
  acceptPublicJobs: values['agent.accept_public_jobs'],
  maxConcurrentJobs: values['agent.max_concurrent_jobs'],
  share: values['agent.share'],
  limits: {
    cpuPercent: values['agent.limits.cpu_percent'],
    gpuPercent: values['agent.limits.gpu_percent'],
    memoryPercent: values['agent.limits.mem_percent'],
  },
  gpus: values['agent.gpus'],
  vramLimitsGb: values['agent.vram_limits_gb'],
  rules: {
    sharingHours: values['agent.sharing_hours'],
    pauseOnFullScreen: values['agent.pause_on_full_screen'],
    fullScreenExceptions: values['agent.full_screen_exceptions'],
    pauseForPrograms: values['agent.pause_for_programs'],
    mainsPowerOnly: values['agent.mains_power_only'],
    pauseAboveCelsius: values['agent.pause_above_celsius'],
    moveJobs: values['agent.move_jobs_at_pause'],
  },
  allowModelControl: values['agent.allow_model_control'],
  wakeOnLan: values['agent.wake_on_lan'],
  unsharedModels: values['agent.unshared_models'],
  modelFolders: values['agent.model_folders'],
  simulateGpu: values['agent.simulate_gpu'],
});

const desktopConfigOf = (values: ConfigValues): DesktopConfig => ({
  onClose: values['desktop.on_close'],
  startAtLogin: values['desktop.start_at_login'],
  checkForUpdates: values['desktop.check_for_updates'],
  notify: {
    joined: values['desktop.notify_joined'],
    join_request: values['desktop.notify_join_request'],
    job_failed: values['desktop.notify_job_failed'],
    node_lost: values['desktop.notify_node_lost'],
    pool_full: values['desktop.notify_pool_full'],
    paused: values['desktop.notify_paused'],
    update: values['desktop.notify_update'],
  },
});

const serverConfigOf = (values: ConfigValues): ServerConfig => ({
  host: values['server.host'],
  port: values['server.port'],
  ollamaPort: values['server.ollama_port'],
  maxMessageBytes: values['server.max_message_bytes'],
  maxBodyBytes: values['server.max_body_bytes'],
  registrationTimeoutSeconds: values['server.registration_timeout_seconds'],
  firstMessageTimeoutSeconds: values['server.first_message_timeout_seconds'],
  maxHandshakesPerAddress: values['server.max_handshakes_per_address'],
  maxNewNodesPerMinute: values['server.max_new_nodes_per_minute'],
  maxConnectionsPerAddress: values['server.max_connections_per_address'],
  allowOpenLan: values['server.allow_open_lan'],
  allowedHosts: values['server.allowed_hosts'],
  tlsFiles: tlsFilesOf(values),
  plainHttpApi: values['server.plain_http_api'],
  announce: values['server.announce'],
  loopback: values['server.loopback'],
});

/** Both files are set or neither (relations.ts). */
function tlsFilesOf(values: ConfigValues): ServerConfig['tlsFiles'] {
  const [certFile, keyFile] = [values['server.tls_cert_file'], values['server.tls_key_file']];
  return certFile === null || keyFile === null ? null : { certFile, keyFile };
}

function clusterConfigOf(values: ConfigValues): ClusterConfig | null {
  const databaseUrl = values['cluster.database_url'];
  if (databaseUrl === null) return null;
  return {
    databaseUrl,
    databasePasswordFile: values['cluster.database_password_file'],
    memberName: values['cluster.member_name'],
    address: values['cluster.address'],
    bus: busConfigOf(values),
  };
}

function busConfigOf(values: ConfigValues): ClusterBusConfig | null {
  const url = values['cluster.bus_url'];
  if (url === null) return null;
  return { url, credentialsFile: values['cluster.bus_credentials_file'], caFile: values['cluster.bus_ca_file'] };
}
