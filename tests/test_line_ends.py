"""In running text no badge and no closing bracket begins a line, and focus is seen on every control. In a browser. Slow."""

import pytest

from tests.pages import open_page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

CHAPTERS = [
    "book/start-here",
    "book/clonal-evolution",
    "book/lsc-identity",
    "book/resistance",
    "book/surveillance",
    "book/targets",
    "targets/cd123",
    "genes/nras",
    "papers/17609428",
]
PAGES = [
    "book/start-here",
    "book/resistance",
    "book/evidence",
    "book/contribute",
    "search",
    "targets/cd123",
    "papers/17609428",
]

# Where a mark, or the sign after a citation, stands in another line than what is before it.
LOOSE = """() => {
  const line = (range) => { const r = range.getClientRects(); return [r[0], r[r.length - 1]]; };
  const at = (node, from, to) => { const range = document.createRange(); range.setStart(node, from); range.setEnd(node, to); return line(range); };
  const apart = (one, other) => one && other && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) < 2;
  const texts = (root) => { const made = [], walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('.card-of, .aside') && walk.currentNode.data.trim()) made.push(walk.currentNode);
    return made; };
  const found = [];
  for (const cite of document.querySelectorAll('p .cite, li .cite')) {
    const own = texts(cite);
    own.forEach((text, i) => {
      if (!i || !text.parentElement.closest('.direction, .level, .standing')) return;
      const before = own[i - 1], start = text.data.search(/\\S/);
      const last = before.data.trimEnd().length;
      if (apart(at(before, last - 1, last)[1], at(text, start, start + 1)[0])) found.push(cite.textContent.slice(0, 40));
    });
    const next = cite.nextSibling;
    if (next && next.nodeType === 3 && /^[).,;:]/.test(next.data) && own.length) {
      const text = own[own.length - 1], last = text.data.trimEnd().length;
      if (apart(at(text, last - 1, last)[1], at(next, 0, 1)[0])) found.push(`sign after ${cite.textContent.slice(0, 40)}`);
    }
  }
  for (const level of document.querySelectorAll('.direction + .level, .reason + .level')) {
    const own = texts(level.previousElementSibling), text = own[own.length - 1];
    if (level.offsetParent && text && apart(at(text, text.data.trimEnd().length - 1, text.data.trimEnd().length)[1], level.getClientRects()[0]))
      found.push(`level after ${text.data}`);
  }
  return found;
}"""

# What shows that the element in focus is in focus: an outline, or a change of shadow or border.
SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const look = getComputedStyle(at);
  const name = `${at.tagName}.${at.getAttribute('class') || ''} ${(at.getAttribute('aria-label') || at.textContent).trim().slice(0, 30)}`;
  return [name, look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1 || look.boxShadow !== 'none'];
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_no_badge_and_no_bracket_begins_a_line(chromium, server, width):
    with open_page(chromium, server, viewport={"width": width, "height": 900}) as (page, faults):
        loose, seen = {}, 0
        for name in CHAPTERS:
            page.goto(f"{server}/{name}.html")
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            seen += page.locator("p .cite .level").count()
            if found := page.evaluate(LOOSE):
                loose[name] = found
        assert seen > 300
        assert loose == {}
        assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_focus_is_seen_wherever_tab_leads(chromium, server, name, scheme):
    with open_page(chromium, server, color_scheme=scheme) as (page, _):
        page.goto(f"{server}/{name}.html")
        met, unseen = set(), []
        for _ in range(60):
            page.keyboard.press("Tab")
            found = page.evaluate(SEEN)
            if found is None:
                break
            met.add(found[0])
            if not found[1]:
                unseen.append(found[0])
        assert len(met) >= 2  # the page Search has focus in its field, and two controls after it
        assert unseen == []
