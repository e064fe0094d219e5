// What every screen knows: who is logged in, which project is looked at, and how to ask for things that stay true.

import { createContext, useCallback, useContext, useEffect, useRef, useState } from "./vendor/ui.js";
import { get } from "./api.js";
import { onEvent } from "./live.js";

const RANKS = { viewer: 1, operator: 2, admin: 3 };
const SLOW_MS = 15_000;

export const App = createContext(null);
export const useApp = () => useContext(App);

// What is shown; what is allowed, the brain decides.
export function may(user, slug, role) {
  if (user.is_admin) return true;
  return (RANKS[user.roles?.[slug]] || 0) >= RANKS[role];
}

export function useMay(role) {
  const { user, project } = useApp();
  return may(user, project?.slug, role);
}

// Asks now, when one of the topics changed, and now and then; what was there stays while the next answer is on its way.
export function useResource(path, topics = [], everyMs = SLOW_MS) {
  const [state, setState] = useState({ path: null, data: null, problem: null });
  const running = useRef({ asking: false, again: false, path: null });
  // Effects run after the next drawing, which may be late: until then a timer or an event still knows the path before.
  const wanted = useRef(path);
  wanted.current = path;
  const load = useCallback(async () => {
    const run = running.current;
    if (!path || wanted.current !== path) return;
    if (run.asking && run.path === path) {
      run.again = true;
      return;
    }
    const mine = { asking: true, again: false, path };
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
    mine.asking = false;
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

// A list page by page; the first page stays true, the others as they were asked for.
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
