// The address of the brain as the browser sees it. A proxy may serve the brain below a path, so the page builds every
// address from here and none from the root of the host.

export const HOME = new URL(".", document.baseURI);

// The address that agents and people are given, without a slash at its end.
export const BRAIN_URL = HOME.href.replace(/\/$/, "");

export const REST = BRAIN_URL + "/api/v1";

export const DASHBOARD = BRAIN_URL.replace(/^http/, "ws") + "/ws/dashboard";
