/** Kubicle's own version, from package.json; the bundler puts the text in place. */
import manifest from '../../package.json' with { type: 'json' };

export const hostVersion: string = manifest.version;
