// The software bill of materials of a release, CycloneDX 1.5: Electron, and the packages of npm whose code the program contains. npm writes
// the list of all packages with their hashes and licences; this keeps those that are shipped. Pure.

/**
 * @typedef {{ readonly 'bom-ref': string, readonly name: string, readonly version: string, [key: string]: unknown }} Component
 * @typedef {{ readonly ref: string, readonly dependsOn?: readonly string[] }} Dependency
 * @typedef {{ serialNumber?: string, metadata: { timestamp?: string, component: Component, [key: string]: unknown }, components: readonly Component[], dependencies: readonly Dependency[], [key: string]: unknown }} Bom
 */

/**
 * @param {Bom} all of `npm sbom`
 * @param {readonly { readonly name: string, readonly version: string }[]} shipped
 * @param {{ readonly version: string, readonly releasedAt: string, readonly electron: string, readonly serial: string }} release
 * @returns {Bom}
 */
export function shippedBom(all, shipped, { version, releasedAt, electron, serial }) {
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
  const runtime = {
    'bom-ref': `electron@${electron}`,
    type: 'framework',
    name: 'electron',
    version: electron,
    purl: `pkg:npm/electron@${electron}`,
    scope: 'required',
  };
  return {
    ...all,
    serialNumber: serial,
    metadata: { ...all.metadata, timestamp: releasedAt, component: program },
    components: [runtime, ...components.map((component) => ({ ...component, scope: 'required', properties: [] }))],
    dependencies: [
      { ref: program['bom-ref'], dependsOn: [runtime['bom-ref'], ...refs] },
      ...all.dependencies.flatMap(({ ref, dependsOn = [] }) =>
        refs.has(ref) ? [{ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }] : [],
      ),
    ],
  };
}
