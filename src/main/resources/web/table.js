// A table that becomes a list of cards on narrow screens.

import { html } from "./vendor/ui.js";
import { Empty, Fault, Loading } from "./parts.js";

// Columns: { label, cell(row), right?, wide? }. `right` aligns numbers, `wide` lets a cell wrap. The first column is
// the row header.
export function Table({ caption, columns, rows, keyOf = (row) => row.id }) {
  return html`<div class="scroll"><table role="table">
    <caption class="unseen">${caption}</caption>
    <thead role="rowgroup"><tr role="row">
      ${columns.map((column) => html`<th role="columnheader" scope="col" class=${column.right ? "right" : ""}>${column.label || html`<span class="unseen">Actions</span>`}</th>`)}
    </tr></thead>
    <tbody role="rowgroup">
      ${rows.map((row) => html`<tr role="row" key=${keyOf(row)}>
        ${columns.map((column, i) => cell(column, row, i))}
      </tr>`)}
    </tbody>
  </table></div>`;
}

function cell(column, row, i) {
  const look = [column.right && "right", column.wide && "wide"].filter(Boolean).join(" ");
  return i === 0
    ? html`<th role="rowheader" scope="row" class=${look}>${column.cell(row)}</th>`
    : html`<td role="cell" class=${look} data-label=${column.label || undefined}><div>${column.cell(row)}</div></td>`;
}

// A list with its states: loading, failed, empty, more pages available.
export function List({ of, caption, columns, keyOf, empty, children }) {
  if (!of.items) return of.problem ? html`<${Fault} problem=${of.problem} retry=${of.reload} />` : html`<${Loading} />`;
  return html`
    <${Fault} problem=${of.problem} retry=${of.reload} />
    ${of.items.length === 0 && !of.more
      ? empty || html`<${Empty} title="Nothing here yet" />`
      : html`<${Table} caption=${caption} columns=${columns} rows=${of.items} keyOf=${keyOf} />`}
    ${of.more && html`<p class="more"><button type="button" disabled=${of.busy} onClick=${of.more}>${of.busy ? "Loading…" : "Show more"}</button></p>`}
    ${children}`;
}
