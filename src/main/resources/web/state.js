// State that all screens share: the user, the current project, and resources that stay up to date.

import { createContext, useCallback, useContext, useEffect, useRef, useState } from "./vendor/ui.js";
import { get } from "./api.js";
import { onEvent } from "./live.js";

const RANKS = { viewer: 1, operator: 2, admin: 3 };
const SLOW_MS = 15_000;

export const App = createContext(null);
export const useApp = () => useContext(App);

// Decides what the page shows. The brain checks the permission for every call.
export function may(user, slug, role) {
  if (user.is_admin) return true;
  return (RANKS[user.roles?.[slug]] || 0) >= RANKS[role];
}

export function useMay(role) {
  const { user, project } = useApp();
  return may(user, project?.slug, role);
}

// Loads a resource at once, when one of its topics changes, and periodically. The old data stays until the new data
// arrives.
export function useResource(path, topics = [], everyMs = SLOW_MS) {
  const [state, setState] = useState({ path: null, data: null, problem: null });
  const running = useRef({ loading: false, again: false, path: null });
  // Effects run after the next render, which may be late. Until then, a timer or an event still uses the previous path.
  const wanted = useRef(path);
  wanted.current = path;
  const load = useCallback(async () => {
    const run = running.current;
    if (!path || wanted.current !== path) return;
    if (run.loading && run.path === path) {
      run.again = true;
      return;
    }
    const mine = { loading: true, again: false, path };
    running.current = mine;
    do {
      mine.again = false;
      try {
        const data = await get(path);
        if (running.current === mine) setState({ path, data, problem: null });
      } catch (problem) {
        if (running.current === mine && problem.name !== "AbortError") setState((old) => ({ path, data: old.path === path ? old.data : null, problem }));
      }
    } while (mine.again && running.current === mine && wanted.current === path);
    mine.loading = false;
  }, [path]);
  useEffect(() => {
    load();
    const timer = setInterval(() => !document.hidden && load(), everyMs);
    const shown = () => !document.hidden && load();
    document.addEventListener("visibilitychange", shown);
    const off = onEvent((topic) => (topic === "all" || topics.includes(topic)) && load());
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", shown);
      off();
    };
  }, [load, everyMs, topics.join()]);
  useEffect(() => () => (running.current = {}), []);
  const fresh = state.path === path;
  return { data: fresh ? state.data : null, problem: fresh ? state.problem : null, reload: load };
}

// Loads a list page by page. Only the first page stays up to date.
export function usePages(path, topics, everyMs) {
  const first = useResource(path, topics, everyMs);
  const [more, setMore] = useState({ path, items: [], cursor: undefined, busy: false, problem: null });
  const mine = more.path === path ? more : { path, items: [], cursor: undefined, busy: false, problem: null };
  const cursor = mine.cursor === undefined ? first.data?.next_cursor : mine.cursor;
  const next = async () => {
    setMore({ ...mine, busy: true });
    try {
      const page = await get(path + (path.includes("?") ? "&" : "?") + "cursor=" + encodeURIComponent(cursor));
      setMore({ path, items: [...mine.items, ...page.items], cursor: page.next_cursor, busy: false, problem: null });
    } catch (problem) {
      setMore({ ...mine, busy: false, problem });
    }
  };
  const known = new Set();
  const items = first.data
    ? [...first.data.items, ...mine.items].filter((item) => !item.id || (!known.has(item.id) && known.add(item.id)))
    : null;
  return { items, problem: first.problem || mine.problem, more: cursor ? next : null, busy: mine.busy, reload: first.reload };
}
