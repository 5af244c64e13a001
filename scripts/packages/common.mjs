// What rpm and pacman have in common. Pure.

/**
 * The architecture as both name it. electron-builder passes Debian's name.
 * @param {Pick<import('./fpm-arguments.mjs').PackageDescription, 'architecture'>} description
 */
export const machineOf = ({ architecture }) => (architecture === 'amd64' ? 'x86_64' : architecture);

/**
 * A script without its first line: both name the shell themselves.
 * @param {string} script
 */
export const bodyOf = (script) => script.replace(/^#!.*\n/, '').trimEnd();
