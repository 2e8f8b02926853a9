/** Objects as YAML for answers. The library is loaded when the first client asks for it. */
import { stringify } from 'yaml';

export function toYaml(value: unknown): string {
  // Through JSON: what JSON leaves out, YAML leaves out too.
  return stringify(JSON.parse(JSON.stringify(value)), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
