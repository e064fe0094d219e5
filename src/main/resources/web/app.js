// The page's entry point: the login session, the current route, and the frame around every screen.

import { html, render, useCallback, useEffect, useMemo, useRef, useState } from "./vendor/ui.js";
import { get, abortRequests, post, useToken, whenLoggedOut } from "./api.js";
import { States, watch } from "./live.js";
import { App, may } from "./state.js";
import { Fault, Loading } from "./parts.js";
import { Frame } from "./frame.js";
import { LoginScreen } from "./screens/login.js";
import { Welcome } from "./screens/projects.js";
import { SCREENS, routeOf, screenOf } from "./routes.js";

// Remembers whether this browser was logged in, to skip a request that would fail. It grants no access.
const HINT = "ganglion.logged-in";
const hint = {
  get: () => localStorage.getItem(HINT) !== null,
  set: (is) => (is ? localStorage.setItem(HINT, "1") : localStorage.removeItem(HINT)),
};

function useRoute() {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const changed = () => setRoute(routeOf(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

function Session() {
  const [session, setSession] = useState({ state: "loading" });
  const ask = useCallback(async () => {
    if (!hint.get()) {
      setSession({ state: "out" });
      return;
    }
    setSession({ state: "loading" });
    try {
      const me = await get("/auth/me");
      useToken(me.csrf_token);
      setSession({ state: "in", user: me.user });
    } catch (problem) {
      setSession(problem.status === 401 ? { state: "out" } : { state: "failed", problem });
    }
  }, []);
  useEffect(() => {
    whenLoggedOut(() => setSession((now) => ({ state: "out", ended: now.state === "in" })));
    ask();
  }, []);
  useEffect(() => {
    if (session.state === "in" || session.state === "out") hint.set(session.state === "in");
  }, [session.state]);
  if (session.state === "loading") return html`<main class="login"><${Loading} /></main>`;
  if (session.state === "failed") return html`<main class="login"><h1>Ganglion</h1><${Fault} problem=${session.problem} retry=${ask} /></main>`;
  if (session.state === "out") {
    const entered = (answer) => {
      useToken(answer.csrf_token);
      setSession({ state: "in", user: answer.user });
    };
    return html`<${LoginScreen} ended=${session.ended} onEntered=${entered} />`;
  }
  const leave = async () => {
    // Aborts all requests first, so that none of them fails because the session has ended.
    setSession({ state: "loading" });
    abortRequests();
    await post("/auth/logout").catch(() => {});
    useToken(null);
    setSession({ state: "out" });
  };
  return html`<${Shell} user=${session.user} leave=${leave} />`;
}

function useProjects() {
  const [state, setState] = useState({ projects: null, problem: null });
  const load = useCallback(async () => {
    try {
      const page = await get("/projects?limit=500");
      setState({ projects: page.items, problem: null });
    } catch (problem) {
      setState((before) => ({ projects: before.projects, problem }));
    }
  }, []);
  useEffect(() => void load(), []);
  return { ...state, load };
}

function Shell({ user, leave }) {
  const route = useRoute();
  const { projects, problem, load } = useProjects();
  const [live, setLive] = useState({ state: States.OFF });
  const [announcement, setAnnouncement] = useState("");
  const recent = useRef(null);
  const named = projects?.find((each) => each.slug === (route.slug || recent.current));
  const project = named || (route.slug ? null : projects?.[0] || null);
  if (project) recent.current = project.slug;
  useEffect(() => {
    if (!project) return undefined;
    return watch(project.id, (state, code) => setLive({ state, code }));
  }, [project?.id]);
  useEffect(() => {
    if (live.state === States.REFUSED && live.code === 4401) leave();
  }, [live]);
  const announce = useCallback((text) => {
    setAnnouncement("");
    setTimeout(() => setAnnouncement(text), 50);
  }, []);
  const app = useMemo(
    () => ({ user, projects: projects || [], project, live, announce, reloadProjects: load, leave, can: (role) => may(user, project?.slug, role) }),
    [user, projects, project, live, announce, load],
  );
  let screen;
  if (!projects) screen = problem ? html`<${Fault} problem=${problem} retry=${load} />` : html`<${Loading} />`;
  else if (!project && !route.global) screen = html`<${Welcome} missing=${route.slug} />`;
  else screen = screenOf(route, project);
  return html`<${App.Provider} value=${app}>
    <${Frame} screens=${SCREENS} route=${route} announcement=${announcement}>${screen}</${Frame}>
  </${App.Provider}>`;
}

render(html`<${Session} />`, document.getElementById("app"));
