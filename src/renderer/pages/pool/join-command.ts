// The commands of a headless pool: how another computer joins, and how the pool is shared. The owner makes the link with `muster invite`.
export const JOIN_COMMAND = 'muster join "LINK"';

/** The owner adds the other options of the present start. */
export const shareCommand = (program: 'pool' | 'scheduler'): string => `muster ${program} --host 0.0.0.0`;

/** In the unit of a systemd service, under `[Service]`. */
export const SHARE_VARIABLE = 'Environment=MUSTER_SERVER_HOST=0.0.0.0';
