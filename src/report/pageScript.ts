/** The page's script: marks the part being read in the contents, opens details that a link points into, opens all for print. The page reads without it. */
export const pageScript = `((page) => {
  "use strict";
  const all = (query) => Array.from(page.querySelectorAll(query));
  const contents = page.querySelector("nav details");
  const narrow = matchMedia("(max-width: 899px)");
  const fold = () => { if (contents) contents.open = !narrow.matches; };
  fold();
  narrow.addEventListener("change", fold);
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && page.getElementById(id);
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  let closed = [];
  addEventListener("beforeprint", () => { closed = all("main details:not([open])"); closed.forEach((d) => { d.open = true; }); });
  addEventListener("afterprint", () => { closed.forEach((d) => { d.open = false; }); });
  all("nav a").forEach((a) => a.addEventListener("click", () => { if (narrow.matches && contents) contents.open = false; }));
  const links = new Map(all("nav a").map((a) => [a.getAttribute("href").slice(1), a]));
  if (!("IntersectionObserver" in self)) return;
  const seen = new IntersectionObserver((entries) => {
    for (const e of entries) {
      if (!e.isIntersecting) continue;
      links.forEach((a) => a.removeAttribute("aria-current"));
      const link = links.get(e.target.id);
      if (link) link.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  links.forEach((_, id) => { const part = page.getElementById(id); if (part) seen.observe(part); });
})(self["document"]);`;
