/** Kinds that are asked and answered, but never stored: reviews of tokens and of rights. */
export { reviewKinds } from '../../api/kinds/reviews.ts';
