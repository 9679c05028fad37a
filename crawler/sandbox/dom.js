// A page of elements, as far as scripts that page through lists use it. It draws nothing and reaches nothing:
// what a browser would ask for is noted in `asks`.
"use strict";
const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
const MOST_NODES = 20000, MOST_ASKS = 2000, MOST_TEXT = 500000;
const asks = [], writes = [];
let nodes = 0, written = 0, acting = "load";

function ask(way, url, method, body) {
  if (asks.length < MOST_ASKS) asks.push([way, String(url).slice(0, 2000), method || "GET", String(body || "").slice(0, 4000)]);
}
function note(markup) {
  written += markup.length;
  if (written <= MOST_TEXT) writes.push(markup);
}
const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
const dashed = (name) => name.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
const NAMED = { lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", amp: "&" };
const unescaped = (text) => text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, number, hex, name) =>
  number ? String.fromCodePoint(Math.min(+number, 0x10ffff)) : hex ? String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff)) : NAMED[name] || all);

class Text {
  constructor(text) { this.data = this.nodeValue = text; this.parentNode = null; this.nodeType = 3; this.nodeName = "#text"; }
  get textContent() { return this.data; }
  get outerHTML() { return escaped(this.data); }
  remove() { if (this.parentNode) this.parentNode.removeChild(this); }
}

class Element {
  constructor(tag, attributes) {
    if (++nodes > MOST_NODES) throw new RangeError("too many elements");
    Object.defineProperty(this, "own", { value: { tag, attributes: attributes || {}, kids: [], heard: {}, state: {} } });
    this.parentNode = null;
    this.nodeType = 1;
    this.style = { setProperty() {}, removeProperty() {} };
  }
  get tagName() { return this.own.tag.toUpperCase(); }
  get nodeName() { return this.tagName; }
  get localName() { return this.own.tag; }
  get parentElement() { return this.parentNode; }
  get childNodes() { return this.own.kids; }
  get children() { return listed(this.own.kids.filter((kid) => kid.nodeType === 1)); }
  get firstChild() { return this.own.kids[0] || null; }
  get lastChild() { return this.own.kids[this.own.kids.length - 1] || null; }
  get firstElementChild() { return this.children[0] || null; }
  get lastElementChild() { return this.children[this.children.length - 1] || null; }
  get childElementCount() { return this.children.length; }
  get nextSibling() { return beside(this, 1, false); }
  get previousSibling() { return beside(this, -1, false); }
  get nextElementSibling() { return beside(this, 1, true); }
  get previousElementSibling() { return beside(this, -1, true); }
  get ownerDocument() { return document; }
  get isConnected() { return true; }
  getAttribute(name) { const value = this.own.attributes[String(name).toLowerCase()]; return value === undefined ? null : value; }
  setAttribute(name, value) { this.own.attributes[String(name).toLowerCase()] = String(value); }
  hasAttribute(name) { return String(name).toLowerCase() in this.own.attributes; }
  removeAttribute(name) { delete this.own.attributes[String(name).toLowerCase()]; }
  getAttributeNode(name) { return this.hasAttribute(name) ? { value: this.getAttribute(name) } : null; }
  get attributes() { return Object.entries(this.own.attributes).map(([name, value]) => ({ name, value })); }
  get className() { return this.getAttribute("class") || ""; }
  set className(value) { this.setAttribute("class", value); }
  get classList() {
    const own = this, names = () => own.className.split(/\s+/).filter(Boolean);
    const put = (list) => { own.className = list.join(" "); };
    return {
      contains: (name) => names().includes(name), add: (...more) => put([...new Set([...names(), ...more])]),
      remove: (...less) => put(names().filter((name) => !less.includes(name))),
      toggle: (name) => put(names().includes(name) ? names().filter((each) => each !== name) : [...names(), name]),
      get length() { return names().length; }, item: (at) => names()[at],
    };
  }
  get dataset() {
    const own = this;
    return new Proxy({}, {
      get: (_, name) => own.own.attributes["data-" + dashed(String(name))],
      set: (_, name, value) => { own.setAttribute("data-" + dashed(String(name)), value); return true; },
      has: (_, name) => "data-" + dashed(String(name)) in own.own.attributes,
    });
  }
  get textContent() { return this.own.kids.map((kid) => kid.textContent).join(""); }
  set textContent(value) { this.own.kids.length = 0; if (value !== "") join(this, new Text(String(value))); }
  get innerText() { return this.textContent; }
  set innerText(value) { this.textContent = value; }
  get text() { return this.textContent; }
  get innerHTML() { return this.own.kids.map((kid) => kid.outerHTML).join(""); }
  set innerHTML(markup) { this.own.kids.length = 0; build(this, markup); }
  get outerHTML() {
    const { tag, attributes } = this.own;
    const said = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
    return VOID.has(tag) ? `<${tag}${said}>` : `<${tag}${said}>${this.innerHTML}</${tag}>`;
  }
  insertAdjacentHTML(where, markup) {
    const at = /beforebegin|afterend/i.test(where) && this.parentNode ? this.parentNode : this;
    build(at, markup);
  }
  appendChild(kid) { return put(this, kid, this.own.kids.length); }
  append(...kids) { for (const kid of kids) this.appendChild(typeof kid === "object" ? kid : new Text(String(kid))); }
  prepend(...kids) { for (const kid of kids) put(this, typeof kid === "object" ? kid : new Text(String(kid)), 0); }
  insertBefore(kid, before) { const at = this.own.kids.indexOf(before); return put(this, kid, at < 0 ? this.own.kids.length : at); }
  replaceChild(kid, old) { this.insertBefore(kid, old); return this.removeChild(old); }
  removeChild(kid) { const at = this.own.kids.indexOf(kid); if (at >= 0) this.own.kids.splice(at, 1); kid.parentNode = null; return kid; }
  remove() { if (this.parentNode) this.parentNode.removeChild(this); }
  cloneNode(deep) { const copy = new Element(this.own.tag, { ...this.own.attributes }); if (deep) build(copy, this.innerHTML, true); return copy; }
  contains(other) { for (let each = other; each; each = each.parentNode) if (each === this) return true; return false; }
  matches(selector) { return matching(this, selector); }
  closest(selector) { for (let each = this; each && each.nodeType === 1; each = each.parentNode) if (matching(each, selector)) return each; return null; }
  querySelectorAll(selector) { return selected(this, selector); }
  querySelector(selector) { return selected(this, selector)[0] || null; }
  getElementsByTagName(tag) { return listed(below(this).filter((each) => tag === "*" || each.own.tag === String(tag).toLowerCase())); }
  getElementsByClassName(name) { return listed(below(this).filter((each) => String(name).split(/\s+/).every((one) => each.classList.contains(one)))); }
  addEventListener(name, heard) { (this.own.heard[name] = this.own.heard[name] || []).push({ heard }); }
  removeEventListener() {}
  attachEvent(name, heard) { this.addEventListener(name.replace(/^on/, ""), heard); }
  dispatchEvent(event) { fire(this, event.type || event); return true; }
  click() { fire(this, "click"); }
  focus() {} blur() {} select() {} scrollIntoView() {} scrollTo() {}
  getBoundingClientRect() { return { top: 0, left: 0, right: 0, bottom: 0, width: 0, height: 0 }; }
  get offsetHeight() { return 0; } get offsetWidth() { return 0; } get offsetTop() { return 0; }
  get clientHeight() { return 0; } get clientWidth() { return 0; } get scrollHeight() { return 0; } get scrollTop() { return 0; }
  set scrollTop(_) {}
  // Fields of forms.
  get value() {
    if (this.own.state.value !== undefined) return this.own.state.value;
    if (this.own.tag === "select") { const one = this.options[this.selectedIndex]; return one ? one.value : ""; }
    if (this.own.tag === "textarea") return this.textContent;
    const said = this.getAttribute("value");
    return said === null && this.own.tag === "option" ? this.textContent.trim() : said || "";
  }
  set value(value) { this.own.state.value = String(value); }
  get defaultValue() { return this.getAttribute("value") || ""; }
  get options() { return listed(below(this).filter((each) => each.own.tag === "option")); }
  get selectedIndex() {
    if (this.own.state.index !== undefined) return this.own.state.index;
    return Math.max(0, this.options.findIndex((each) => each.hasAttribute("selected")));
  }
  set selectedIndex(at) { this.own.state.index = +at; this.own.state.value = undefined; }
  get selectedOptions() { return [this.options[this.selectedIndex]].filter(Boolean); }
  get selected() { const menu = this.closest("select"); return !!menu && menu.options[menu.selectedIndex] === this; }
  get checked() { return this.own.state.checked !== undefined ? this.own.state.checked : this.hasAttribute("checked"); }
  set checked(value) { this.own.state.checked = !!value; }
  get index() { const menu = this.closest("select"); return menu ? menu.options.indexOf(this) : -1; }
  get form() { return this.closest("form"); }
  get elements() {
    const fields = below(this).filter((each) => /^(input|select|textarea|button)$/.test(each.own.tag));
    return named(fields);
  }
  get href() { const said = this.getAttribute("href"); return said === null ? "" : resolved(said); }
  set href(value) { this.setAttribute("href", value); }
  get pathname() { return split(this.href).pathname; }
  get src() { const said = this.getAttribute("src"); return said === null ? "" : resolved(said); }
  set src(value) { this.setAttribute("src", value); }
  submit() { if (this.own.tag === "form") sent(this); }
  reset() {}
}
for (const name of ["id", "name", "type", "title", "target", "rel", "alt", "action", "method"]) {
  Object.defineProperty(Element.prototype, name, {
    get() { return this.getAttribute(name) || ""; }, set(value) { this.setAttribute(name, value); }, configurable: true,
  });
}

function listed(elements) {
  elements.item = (at) => elements[at] || null;
  elements.namedItem = (name) => elements.find((each) => each.name === name || each.id === name) || null;
  return elements;
}
function named(elements) {
  return new Proxy(listed(elements), {
    get: (all, name) => name in all || typeof name === "symbol" ? all[name] : all.namedItem(name) || undefined,
  });
}
function beside(one, step, elements) {
  const all = one.parentNode ? (elements ? one.parentNode.children : one.parentNode.childNodes) : [];
  return all[all.indexOf(one) + step] || null;
}
function below(one) {
  const found = [], stack = one.own.kids.slice().reverse();
  while (stack.length) {
    const each = stack.pop();
    if (each.nodeType !== 1) continue;
    found.push(each);
    for (let at = each.own.kids.length; at--;) stack.push(each.own.kids[at]);
  }
  return found;
}
function join(parent, kid) { kid.parentNode = parent; parent.own.kids.push(kid); return kid; }
function put(parent, kid, at) {
  if (kid.own && kid.own.tag === "#fragment") { for (const each of kid.own.kids.splice(0)) put(parent, each, at++); return kid; }
  if (kid.parentNode) kid.parentNode.removeChild(kid);
  for (let each = parent; each; each = each.parentNode) if (each === kid) return kid;
  kid.parentNode = parent;
  parent.own.kids.splice(Math.min(at, parent.own.kids.length), 0, kid);
  if (kid.nodeType === 1) { made.add(kid); entered(kid); }
  return kid;
}
const made = new Set();
function entered(one) {
  for (const each of [one, ...below(one)]) {
    if (each.own.tag === "iframe" && each.getAttribute("src")) ask("frame", each.getAttribute("src"));
    if (each.own.tag === "script" && each.getAttribute("src")) ask("script", each.getAttribute("src"));
  }
}
// Markup that a script writes: its elements, by the same plain rules for all of them.
const PART = /<!--[\s\S]*?(?:-->|$)|<\/([a-zA-Z][\w-]*)\s*>|<([a-zA-Z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|[^<]+|</g;
const ATTRIBUTE = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
const CLOSES = { li: ["li"], tr: ["tr", "td", "th"], td: ["td", "th"], th: ["td", "th"], option: ["option"], p: ["p"], dd: ["dd", "dt"], dt: ["dd", "dt"] };
function build(parent, markup, silent) {
  markup = String(markup).slice(0, MOST_TEXT);
  if (!silent) note(markup);
  let at = parent;
  for (const part of markup.matchAll(PART)) {
    if (part[1]) {
      const tag = part[1].toLowerCase();
      for (let each = at; each !== parent; each = each.parentNode) if (each.own.tag === tag) { at = each.parentNode; break; }
    } else if (part[2]) {
      const tag = part[2].toLowerCase(), attributes = {};
      for (const each of part[3].matchAll(ATTRIBUTE)) {
        attributes[each[1].toLowerCase()] = unescaped(each[2] !== undefined ? each[2] : each[3] !== undefined ? each[3] : each[4] || "");
      }
      if ((CLOSES[tag] || []).includes(at.own.tag) && at !== parent) at = at.parentNode;
      const one = join(at, new Element(tag, attributes));
      if (!silent) entered(one);
      if (!VOID.has(tag) && !/\/\s*$/.test(part[3])) at = one;
    } else if (!part[0].startsWith("<!--")) {
      join(at, new Text(unescaped(part[0])));
    }
  }
}
// Selectors: tag, #id, .class, [attribute], the pseudo-classes of jQuery, and the four ways to combine them.
const STEP = /\s*([>+~,])\s*|(\s+)|(\*|[\w-]+)|#((?:[\w-]|[^\x00-\x7f]|\\.)+)|\.((?:[\w-]|[^\x00-\x7f])+)|\[\s*([\w-]+)\s*(?:([~|^$*!]?=)\s*(?:"([^"]*)"|'([^']*)'|([^\]\s]+))\s*)?\]|::?([\w-]+)(?:\(((?:[^()]|\([^()]*\))*)\))?/gy;
const parsed = new Map();
function paths(selector) {
  if (parsed.has(selector)) return parsed.get(selector);
  const found = [[]];
  let step = null, link = " ";
  STEP.lastIndex = 0;
  const text = String(selector).trim();
  while (STEP.lastIndex < text.length) {
    const part = STEP.exec(text);
    if (!part) throw new SyntaxError("selector " + text);
    if (part[1] === ",") { found.push([]); step = null; link = " "; continue; }
    if (part[1] || part[2]) { step = null; link = part[1] || " "; continue; }
    if (!step) { step = { link, tests: [], sets: [] }; found[found.length - 1].push(step); link = " "; }
    test(step, part);
  }
  parsed.set(selector, found);
  return found;
}
function test(step, [, , , tag, id, name, attribute, sign, double, single, bare, pseudo, inner]) {
  if (tag) { if (tag !== "*") step.tests.push((one) => one.own.tag === tag.toLowerCase()); }
  else if (id) { const plain = id.replace(/\\/g, ""); step.tests.push((one) => one.id === plain); }
  else if (name) step.tests.push((one) => one.classList.contains(name));
  else if (attribute) {
    const wanted = [double, single, bare, ""].find((each) => each !== undefined);
    const holds = { "=": (v) => v === wanted, "!=": (v) => v !== wanted, "^=": (v) => v.startsWith(wanted), "$=": (v) => v.endsWith(wanted),
      "*=": (v) => v.includes(wanted), "~=": (v) => v.split(/\s+/).includes(wanted), "|=": (v) => v === wanted || v.startsWith(wanted + "-") };
    step.tests.push((one) => (sign ? (sign === "!=" || one.hasAttribute(attribute)) && holds[sign](one.getAttribute(attribute) || "") : one.hasAttribute(attribute)));
  } else pseudoed(step, pseudo, inner);
}
function pseudoed(step, name, inner) {
  const place = (one) => (one.parentNode ? one.parentNode.children.indexOf(one) : 0);
  const tests = {
    "first-child": (one) => place(one) === 0, "last-child": (one) => one.parentNode && place(one) === one.parentNode.children.length - 1,
    "nth-child": (one) => place(one) === +inner - 1, checked: (one) => one.checked, selected: (one) => one.selected,
    not: (one) => !matching(one, inner), contains: (one) => one.textContent.includes(String(inner).replace(/^["']|["']$/g, "")),
    has: (one) => selected(one, inner).length > 0, empty: (one) => !one.own.kids.length,
    input: (one) => /^(input|select|textarea|button)$/.test(one.own.tag), text: (one) => one.type === "text", button: (one) => one.own.tag === "button" || one.type === "button",
  };
  const sets = { first: (all) => all.slice(0, 1), last: (all) => all.slice(-1), eq: (all) => all.slice(+inner, +inner + 1 || undefined),
    gt: (all) => all.slice(+inner + 1), lt: (all) => all.slice(0, +inner), even: (all) => all.filter((_, at) => at % 2 === 0), odd: (all) => all.filter((_, at) => at % 2) };
  if (sets[name]) step.sets.push(sets[name]);
  else if (tests[name]) step.tests.push(tests[name]);
}
const passes = (one, step) => step.tests.every((holds) => holds(one));
function fits(one, path, at, root) {
  if (!passes(one, path[at])) return false;
  if (at === 0) return true;
  const { link } = path[at];
  if (link === ">") return !!one.parentNode && one.parentNode.own && fits(one.parentNode, path, at - 1, root);
  if (link === "+") return !!one.previousElementSibling && fits(one.previousElementSibling, path, at - 1, root);
  const next = (each) => (link === "~" ? each.previousElementSibling : each.parentNode);
  for (let each = next(one); each && each.own; each = next(each)) if (fits(each, path, at - 1, root)) return true;
  return false;
}
function matching(one, selector) { return paths(selector).some((path) => path.length && fits(one, path, path.length - 1)); }
function selected(root, selector) {
  const all = below(root), found = new Set();
  for (const path of paths(selector)) {
    if (!path.length) continue;
    let these = all.filter((one) => fits(one, path, path.length - 1));
    for (const set of path[path.length - 1].sets) these = set(these);
    these.forEach((one) => found.add(one));
  }
  return listed(all.filter((one) => found.has(one)));
}
