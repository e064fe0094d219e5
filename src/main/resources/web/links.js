// Addresses within the page, for links.

// The address of a screen of a project: #/p/<project>/<screen>/<ids…>.
export const hrefOf = (slug, ...parts) => "#/p/" + [slug, ...parts].map(encodeURIComponent).join("/");
