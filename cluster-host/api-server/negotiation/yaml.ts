/** Objects as YAML for answers. The library is loaded when the first client asks for it. */
import { stringify } from 'yaml';

export function toYaml(value: unknown): string {
  return stringify(value, { keepUndefined: false, version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
