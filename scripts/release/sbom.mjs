// The software bill of materials of a release, CycloneDX 1.5: Electron, Node.js, and the packages of npm whose code the program contains. npm
// writes the list of all packages with their hashes and licences; this keeps those that are shipped. Pure.

/**
 * @typedef {{ readonly 'bom-ref': string, readonly name: string, readonly version: string, [key: string]: unknown }} Component
 * @typedef {{ readonly ref: string, readonly dependsOn?: readonly string[] }} Dependency
 * @typedef {{ serialNumber?: string, metadata: { timestamp?: string, component: Component, [key: string]: unknown }, components: readonly Component[], dependencies: readonly Dependency[], [key: string]: unknown }} Bom
 */

/**
 * @param {Bom} all of `npm sbom`
 * @param {readonly { readonly name: string, readonly version: string }[]} shipped
 * @param {{ readonly version: string, readonly releasedAt: string, readonly runtimes: readonly import('../packages/build-record.mjs').Runtimes[], readonly serial: string }} release `runtimes`: of each package
 * @returns {Bom}
 */
export function shippedBom(all, shipped, { version, releasedAt, runtimes, serial }) {
  const wanted = new Set(shipped.map(({ name, version: of }) => `${name}@${of}`));
  const components = all.components.filter((component) => wanted.has(`${component.name}@${component.version}`));
  const missing = [...wanted].filter((key) => !components.some((component) => `${component.name}@${component.version}` === key));
  if (missing.length > 0) throw new Error(`package-lock.json does not have ${missing.join(', ')}`);
  const refs = new Set(components.map((component) => component['bom-ref']));
  const program = {
    ...all.metadata.component,
    'bom-ref': `muster@${version}`,
    type: 'application',
    name: 'muster',
    version,
    purl: `pkg:npm/muster@${version}`,
  };
  // The packages of two systems may have two versions of Node.js.
  const programs = [
    ...[...new Set(runtimes.map(({ electron }) => electron))].map((of) => runtimeComponent('electron', 'framework', of, 'npm/electron@')),
    ...[...new Set(runtimes.map(({ node }) => node))].map((of) => runtimeComponent('node', 'platform', of, 'github/nodejs/node@v')),
  ];
  return {
    ...all,
    serialNumber: serial,
    metadata: { ...all.metadata, timestamp: releasedAt, component: program },
    components: [...programs, ...components.map((component) => ({ ...component, scope: 'required', properties: [] }))],
    dependencies: [
      { ref: program['bom-ref'], dependsOn: [...programs.map((one) => one['bom-ref']), ...refs] },
      ...all.dependencies.flatMap(({ ref, dependsOn = [] }) =>
        refs.has(ref) ? [{ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }] : [],
      ),
    ],
  };
}

/** @type {(name: string, type: string, version: string, purl: string) => Component} */
const runtimeComponent = (name, type, version, purl) => ({
  'bom-ref': `${name}@${version}`,
  type,
  name,
  version,
  purl: `pkg:${purl}${version}`,
  scope: 'required',
});
