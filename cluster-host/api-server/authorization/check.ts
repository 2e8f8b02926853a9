/** Asks for leave; throws 403 in Kubernetes' words where there is none. */
import { forbidden, type ApiFailure } from '../failure.ts';
import { refusal, type Attributes, type Authorizer } from './authorizer.ts';

export async function check(authorizer: Authorizer, attributes: Attributes): Promise<void> {
  const { decision, reason } = await authorizer.authorize(attributes);
  if (decision !== 'allow') throw refused(attributes, reason);
}

export function refused(attributes: Attributes, reason: string): ApiFailure {
  const about = attributes.type === 'resource' ? { group: attributes.group, plural: attributes.resource } : { group: '', plural: '' };
  return forbidden(about, attributes.type === 'resource' ? attributes.name : '', refusal(attributes, reason));
}
