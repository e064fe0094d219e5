// The menu, the header of the page, and the announcements for screen readers.

import { html, useEffect, useRef, useState } from "./vendor/ui.js";
import { useApp } from "./state.js";
import { States } from "./live.js";
import { hrefOf } from "./links.js";

const WORDS = {
  [States.OFF]: ["Not live", "Choose a project to see its changes live"],
  [States.CONNECTING]: ["Reconnecting…", "The brain is unreachable; the data on this page may be out of date"],
  [States.LIVE]: ["Live", "The page shows changes as they happen"],
  [States.REFUSED]: ["Not live", "The brain rejected live updates for this project"],
};

function Live() {
  const { live } = useApp();
  const [word, why] = WORDS[live.state];
  return html`<p class="live ${live.state}" role="status" title=${why}><span class="dot" aria-hidden="true"></span><span class="word">${word}</span></p>`;
}

function Menu({ screens, route, onChosen }) {
  const { user, project, can } = useApp();
  const shown = (screen) => !screen.role || (screen.role === "global" ? user.is_admin : can(screen.role));
  const item = (screen) => {
    const href = screen.global ? `#/${screen.name}` : hrefOf(project.slug, screen.name);
    const here = route.screen === screen.name && route.global === Boolean(screen.global);
    return html`<li><a href=${href} aria-current=${here ? "page" : undefined} onClick=${onChosen}>${screen.title}</a></li>`;
  };
  return html`
    ${project && html`<ul aria-label="Project">${screens.filter((each) => !each.global && shown(each)).map(item)}</ul>`}
    <h2 class="label" id="menu-all">Global</h2>
    <ul aria-labelledby="menu-all">${screens.filter((each) => each.global && shown(each)).map(item)}</ul>`;
}

function Chooser() {
  const { projects, project } = useApp();
  if (!project) return null;
  return html`<label class="chooser"><span class="unseen">Project</span>
    <select value=${project.slug} onChange=${(event) => (location.hash = hrefOf(event.target.value, "overview"))}>
      ${projects.map((each) => html`<option value=${each.slug} selected=${each === project}>${each.name}</option>`)}
    </select></label>`;
}

export function Frame({ screens, route, announcement, children }) {
  const { user, leave } = useApp();
  const [open, setOpen] = useState(false);
  const main = useRef(null);
  const first = useRef(true);
  const place = [route.slug, route.screen, ...route.rest].join("/");
  useEffect(() => {
    const head = main.current.querySelector("h1");
    document.title = `${head?.textContent || "Ganglion"} · Ganglion`;
    // Moves the focus to the heading of the new screen, for keyboard users. The first screen leaves the focus alone.
    if (!first.current) head?.focus();
    first.current = false;
    setOpen(false);
    scrollTo(0, 0);
  }, [place]);
  const skip = (event) => {
    event.preventDefault();
    main.current.focus();
  };
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <button type="button" class="menu" aria-expanded=${String(open)} aria-controls="menu" onClick=${() => setOpen(!open)}>
        <span aria-hidden="true">☰</span><span class="unseen">Menu</span></button>
      <a class="brand" href="#/">Ganglion</a>
      <${Chooser} />
      <${Live} />
      <div class="who"><span title=${user.email}>${user.display_name || user.email}</span>
        <button type="button" class="small" onClick=${leave}>Log out</button></div>
    </header>
    <nav id="menu" class=${open ? "open" : ""} aria-label="Screens"><${Menu} screens=${screens} route=${route} onChosen=${() => setOpen(false)} /></nav>
    <main id="main" ref=${main} tabindex="-1">${children}</main>
    <div class="unseen" role="status" aria-live="polite">${announcement}</div>`;
}
