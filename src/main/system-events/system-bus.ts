// Whether this computer has a system bus (D-Bus). Without one no tool is started that would only fail.
import { existsSync } from 'node:fs';

export const hasSystemBus = (env: NodeJS.ProcessEnv): boolean =>
  env['DBUS_SYSTEM_BUS_ADDRESS'] !== undefined || existsSync('/run/dbus/system_bus_socket');
