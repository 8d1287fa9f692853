import { html } from '../../html/html.ts';

/** Tells what a page asks for by itself from what somebody does. */
export const refreshHeader = 'silkpost-refresh';

/**
 * The attribute of whatever asks for itself by htmx (`load`, `every`): such a request keeps no session alive. What lies in
 * it inherits the attribute, so only reading goes by it.
 */
export const ownRefresh = html` hx-headers='{"${refreshHeader}":"1"}'`;
