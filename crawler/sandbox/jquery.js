// jQuery, as far as pages use it to find elements, to hear clicks, to write rows and to ask for them.
const placed = new Set();
function $(what, within) {
  if (typeof what === "function") { ready(what); return wrapped([]); }
  if (!what) return wrapped([]);
  if (typeof what === "string") {
    if (/^\s*</.test(what)) { const held = new Element("div", {}); build(held, what, true); return wrapped(held.own.kids.slice()); }
    const roots = within ? $(within).get() : [document];
    return wrapped([...new Set(roots.flatMap((root) => (root.own ? guarded(() => selected(root, what)) || [] : [])))]);
  }
  return what instanceof Wrapped ? what : wrapped(Array.isArray(what) || (what.length !== undefined && !what.own && what !== globalThis) ? [...what] : [what]);
}
function ready(act) { if (entering) listens("ready", act); else guarded(() => act.call(document, $)); }
class Wrapped {
  get(at) { return at === undefined ? Array.from(this) : at < 0 ? this[this.length + at] : this[at]; }
  toArray() { return Array.from(this); }
  [Symbol.iterator]() { return Array.prototype[Symbol.iterator].call(this); }
  each(act) { this.get().some((one, at) => act.call(one, at, one) === false); return this; }
  map(act) { return wrapped(this.get().map((one, at) => act.call(one, at, one)).filter((each) => each !== null && each !== undefined)); }
  size() { return this.length; }
  eq(at) { return wrapped([this.get(+at)].filter(Boolean)); }
  first() { return this.eq(0); }
  last() { return this.eq(-1); }
  slice(from, to) { return wrapped(this.get().slice(from, to)); }
  add(more) { return wrapped([...new Set([...this, ...$(more)])]); }
  is(what) { return this.get().some((one) => one.own && (typeof what === "string" ? (/^:(visible|enabled)$/.test(what) ? true : matching(one, what)) : one === what)); }
  not(what) { return this.filter((_, one) => !wrapped([one]).is(what)); }
  filter(what) { return wrapped(this.get().filter((one, at) => (typeof what === "function" ? what.call(one, at, one) : wrapped([one]).is(what)))); }
  has(what) { return this.filter((_, one) => selected(one, what).length > 0); }
  index(one) { return one === undefined ? (this[0] && this[0].parentNode ? this[0].parentNode.children.indexOf(this[0]) : -1) : this.get().indexOf($(one)[0]); }
  end() { return this; }
  html(markup) { if (markup === undefined) return this[0] ? this[0].innerHTML : undefined; return this.each((_, one) => { if (one.own) { one.own.kids.length = 0; put_in(one, markup); } }); }
  text(text) { if (text === undefined) return this.get().map((one) => one.textContent).join(""); return this.each((_, one) => { one.textContent = text; }); }
  val(value) { if (value === undefined) return this[0] ? this[0].value : undefined; return this.each((_, one) => { one.value = value; }); }
  attr(name, value) { return several(this, name, value, (one, key) => { const said = one.getAttribute(key); return said === null ? undefined : said; }, (one, key, said) => one.setAttribute(key, said)); }
  prop(name, value) { return several(this, name, value, (one, key) => one[key], (one, key, said) => { one[key] = said; }); }
  data(name, value) {
    const read = (one, key) => {
      if (one.own.state.data && key in one.own.state.data) return one.own.state.data[key];
      const said = one.own.attributes["data-" + dashed(key)];
      return said === undefined ? undefined : /^-?\d{1,15}$/.test(said) && String(+said) === said ? +said : said === "true" ? true : said === "false" ? false : /^[{[]/.test(said) ? guarded(() => JSON.parse(said)) ?? said : said;
    };
    if (name === undefined) return this[0] ? Object.fromEntries(Object.keys(this[0].own.attributes).filter((each) => each.startsWith("data-")).map((each) => [camel(each.slice(5)), read(this[0], camel(each.slice(5)))])) : {};
    return several(this, typeof name === "string" ? camel(name) : name, value, read, (one, key, said) => { (one.own.state.data = one.own.state.data || {})[key] = said; });
  }
  removeAttr(name) { return this.each((_, one) => one.removeAttribute(name)); }
  css(name, value) { return value === undefined && typeof name === "string" ? "" : this; }
  addClass(names) { return this.each((_, one) => one.classList.add(...String(names).split(/\s+/))); }
  removeClass(names) { return this.each((_, one) => (names ? one.classList.remove(...String(names).split(/\s+/)) : (one.className = ""))); }
  toggleClass(name) { return this.each((_, one) => one.classList.toggle(name)); }
  hasClass(name) { return this.get().some((one) => one.classList.contains(name)); }
  append(...more) { return this.each((_, one) => more.flat().forEach((each) => put_in(one, each))); }
  prepend(...more) { return this.append(...more); }
  after(...more) { return this.each((_, one) => more.flat().forEach((each) => put_in(one.parentNode || one, each))); }
  before(...more) { return this.after(...more); }
  appendTo(where) { $(where).append(this); return this; }
  prependTo(where) { return this.appendTo(where); }
  insertAfter(where) { $(where).after(this); return this; }
  insertBefore(where) { return this.insertAfter(where); }
  replaceWith(what) { this.after(what); return this.remove(); }
  wrap() { return this; }
  remove() { return this.each((_, one) => one.remove()); }
  empty() { return this.each((_, one) => { one.own.kids.length = 0; }); }
  clone() { return this.map((_, one) => one.cloneNode(true)); }
  on(names, within, data, heard) {
    const given = [within, data, heard], act = given.find((each) => typeof each === "function");
    if (typeof names === "object") { for (const [name, each] of Object.entries(names)) this.on(name, within, each); return this; }
    for (const name of String(names).split(/\s+/)) {
      const type = name.split(".")[0];
      this.each((_, one) => {
        if (!act) return;
        if (one.own) (one.own.heard[type] = one.own.heard[type] || []).push({ heard: act, within: typeof within === "string" ? within : "", data: given.find((each) => each && typeof each === "object") });
        else if (one === globalThis) listens(type, act);
      });
    }
    return this;
  }
  bind(...given) { return this.on(...given); }
  one(...given) { return this.on(...given); }
  live(name, act) { return this.on(name, act); }
  delegate(within, name, act) { return this.on(name, within, act); }
  off() { return this; }
  unbind() { return this; }
  hover() { return this; }
  ready(act) { ready(act); return this; }
  trigger(type) { return this.each((_, one) => one.own && fire(one, String(type.type || type))); }
  triggerHandler(type) { return this.trigger(type); }
  submit(act) { if (act) return this.on("submit", act); return this.each((_, one) => { fire(one, "submit"); if (one.own) sent(one); }); }
  serialize() { return this.serializeArray().map(({ name, value }) => encodeURIComponent(name) + "=" + encodeURIComponent(value)).join("&"); }
  serializeArray() { return this.get().flatMap((one) => (one.own.tag === "form" ? below(one) : [one])).filter((one) => one.name && /^(input|select|textarea)$/.test(one.own.tag)).map((one) => ({ name: one.name, value: one.value })); }
  load(url, data, act) {
    if (typeof url !== "string") return typeof url === "function" ? this.on("load", url) : this;
    const address = url.split(" ")[0];
    if (typeof data === "object" && data) asked("POST", address, encodedOf(data), act);
    else asked("GET", typeof data === "string" ? withQuery(address, data) : address, "", typeof data === "function" ? data : act);
    return this;
  }
  width() { return 0; } height() { return 0; } innerHeight() { return 0; } outerHeight() { return 0; } scrollTop(to) { return to === undefined ? 0 : this; } offset() { return { top: 0, left: 0 }; } position() { return { top: 0, left: 0 }; }
}
for (const name of ["click", "change", "focus", "blur", "keyup", "keydown", "mouseover", "mouseenter", "mouseleave", "scroll", "resize", "error"]) {
  Wrapped.prototype[name] = function (...given) { return given.length ? this.on(name, ...given) : this.trigger(name); };
}
for (const name of ["show", "hide", "toggle", "fadeIn", "fadeOut", "slideUp", "slideDown", "slideToggle", "animate", "stop", "delay", "promise", "mask", "tooltip"]) Wrapped.prototype[name] = function () { return this; };
const upTo = { parent: (one) => [one.parentNode], parents: ups, children: (one) => one.children, next: (one) => [one.nextElementSibling], prev: (one) => [one.previousElementSibling],
  siblings: (one) => (one.parentNode ? one.parentNode.children.filter((each) => each !== one) : []), contents: (one) => one.childNodes, nextAll: (one) => after(one, 1), prevAll: (one) => after(one, -1) };
function ups(one) { const found = []; for (let each = one.parentNode; each && each.nodeType === 1; each = each.parentNode) found.push(each); return found; }
function after(one, step) { const all = one.parentNode ? one.parentNode.children : [], at = all.indexOf(one); return step > 0 ? all.slice(at + 1) : all.slice(0, Math.max(at, 0)).reverse(); }
for (const [name, way] of Object.entries(upTo)) {
  Wrapped.prototype[name] = function (what) { const found = wrapped([...new Set(this.get().filter((one) => one.own).flatMap(way).filter(Boolean))]); return what ? found.filter(what) : found; };
}
Wrapped.prototype.find = function (what) { return typeof what === "string" ? wrapped([...new Set(this.get().filter((one) => one.own).flatMap((one) => selected(one, what)))]) : $(what); };
Wrapped.prototype.closest = function (what) { return wrapped([...new Set(this.get().map((one) => one.closest(what)).filter(Boolean))]); };
function put_in(one, what) {
  if (!one.own || what === undefined || what === null) return;
  if (typeof what === "object" && (what.nodeType || what instanceof Wrapped)) { for (const each of what instanceof Wrapped ? what.get() : [what]) if (each.nodeType) put(one, each, one.own.kids.length); }
  else build(one, String(what));
}
function several(all, name, value, read, set) {
  if (typeof name === "object") { for (const [key, said] of Object.entries(name)) all.each((_, one) => one.own && set(one, key, said)); return all; }
  if (value === undefined) return all[0] && all[0].own ? read(all[0], name) : undefined;
  return all.each((at, one) => { if (one.own) set(one, name, typeof value === "function" ? value.call(one, at, read(one, name)) : value); });
}
// What a plug-in is given is noted: a pager is one.
function wrapped(elements) {
  const own = new Wrapped();
  elements.forEach((one, at) => { own[at] = one; });
  Object.defineProperty(own, "length", { value: elements.length, writable: true });
  return new Proxy(own, {
    get(all, name) {
      if (name in all || typeof name === "symbol" || name === "then" || name === "toJSON") return all[name];
      return (...given) => { called("$." + name, given.filter((each) => typeof each !== "function")); if (given.some((each) => typeof each === "function")) calls.push(["$." + name, given]); return this_of(all); };
    },
  });
}
const this_of = (all) => wrapped(all.get());
$.ajax = function (url, more) {
  const said = typeof url === "object" ? url : { ...(more || {}), url };
  const method = String(said.type || said.method || "GET").toUpperCase();
  const data = said.data && typeof said.data === "object" && /json/i.test(said.contentType || "") ? JSON.stringify(said.data) : encodedOf(said.data);
  const heard = [said.success, said.complete].filter((each) => typeof each === "function");
  if (/jsonp/i.test(said.dataType || "")) said.url = withQuery(said.url, { [said.jsonp || "callback"]: said.jsonpCallback || "callback" });
  asked(method, method === "GET" ? withQuery(said.url, data) : said.url, method === "GET" ? "" : data, ...heard);
  return promised();
};
const short = (method) => (url, data, act) => {
  const values = typeof data === "function" ? "" : data;
  return $.ajax({ url, type: method, data: values, success: typeof data === "function" ? data : act });
};
Object.assign($, {
  get: (url, ...more) => (typeof url === "object" ? $.ajax({ ...url, type: "GET" }) : short("GET")(url, ...more)), post: (url, ...more) => (typeof url === "object" ? $.ajax({ ...url, type: "POST" }) : short("POST")(url, ...more)), getJSON: short("GET"), getScript: () => promised(), fn: Wrapped.prototype, ready,
  ajaxSetup() {}, ajaxPrefilter() {}, support: {}, browser: {}, event: { special: {} }, expr: { ":": {} }, easing: {}, noop() {}, noConflict: () => $, now: () => TODAY, param: encodedOf, trim: (text) => String(text ?? "").trim(),
  each: (all, act) => { if (all && (Array.isArray(all) || all instanceof Wrapped)) Array.from(all).some((one, at) => act.call(one, at, one) === false); else for (const [name, one] of Object.entries(all || {})) if (act.call(one, name, one) === false) break; return all; },
  map: (all, act) => Array.from(all || []).map((one, at) => act(one, at)), grep: (all, act) => Array.from(all || []).filter(act), inArray: (one, all) => Array.from(all || []).indexOf(one), isArray: Array.isArray, isFunction: (one) => typeof one === "function", isPlainObject: (one) => !!one && Object.getPrototypeOf(one) === Object.prototype, isEmptyObject: (one) => !Object.keys(one || {}).length, type: (one) => typeof one,
  extend: (...all) => { const deep = all[0] === true; const [first = {}, ...rest] = deep ? all.slice(1) : all; return rest.length ? Object.assign(first, ...rest) : Object.assign($, first); }, parseJSON: (text) => JSON.parse(text), parseHTML: (text) => { const held = new Element("div", {}); build(held, text, true); return held.own.kids; }, makeArray: (all) => Array.from(all || []), proxy: (act, own) => act.bind(own), when: () => promised(), Deferred: () => ({ ...promised(), resolve() {}, reject() {}, promise: promised }), contains: (one, other) => one.contains(other), merge: (one, other) => one.concat(Array.from(other)), cookie: () => undefined,
});
$.fn.extend = (more) => Object.assign(Wrapped.prototype, more);
const query = new Proxy($, { get: (own, name) => (name in own || typeof name === "symbol" ? own[name] : typeof name === "string" ? ghost("$." + name) : undefined) });
for (const name of ["$", "jQuery"]) Object.defineProperty(globalThis, name, { value: query, writable: true, configurable: true });
