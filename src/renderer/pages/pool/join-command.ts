// The command by which another computer joins a headless pool. The owner makes the link with `muster invite`.
export const JOIN_COMMAND = 'muster join "LINK"';
