/** Contract of bearer tokens: how those of service accounts are made, and who a token says its bearer is. Implemented by `authentication/`. */
import type { UserInfo } from './server.ts';

/** What a token says (KEP-1205): whose it is, what it is bound to, for whom it is meant. */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: BoundObject;
  readonly pod?: BoundObject;
  readonly secret?: BoundObject;
  readonly node?: BoundObject;
  readonly audiences: readonly string[];
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When its bearer was meant to ask for another one; left out where that is when it ends. */
  readonly warnAfter?: number;
  readonly id: string;
}

export interface BoundObject {
  readonly name: string;
  readonly uid: string;
}

export interface ServiceAccountTokens {
  sign(claims: TokenClaims): Promise<string>;
  /** Of a token that this cluster signed, that is valid now and meant for one of the audiences: its claims. Undefined for what is no token of ours. */
  verify(token: string, audiences: readonly string[]): Promise<VerifiedToken | RefusedToken | undefined>;
  /** The public key as a JSON Web Key Set. */
  keySet(): Promise<object>;
}

export interface VerifiedToken {
  readonly claims: TokenClaims;
}

export interface TokenAuthenticator {
  /** The user, and for which of the audiences the token is meant; or why not. */
  authenticate(token: string, audiences: readonly string[]): Promise<AuthenticatedToken | RefusedToken>;
}

export interface AuthenticatedToken {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

/** Why a token proves nothing, in Kubernetes' words. */
export interface RefusedToken {
  readonly refused: string;
}
