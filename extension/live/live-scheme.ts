/** Names that belong to the editing of live objects: the scheme of their addresses, and the field manager. */
export const liveScheme = 'kubicle';
/** Another than the one that applies manifests, so that a plan tells the two from one another. */
export const editManager = 'kubicle-edit';
