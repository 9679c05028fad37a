// The window around the elements: addresses, events, requests; and ghosts for whatever the page has from elsewhere.
const UNKNOWN = "\ufffc", MOST_TASKS = 60, MOST_CALLS = 200;
const tasks = [], answers = [], calls = [], heardByAll = {};
let entering = true;

function split(url) {
  const [, protocol = "http:", host = "", pathname = "/", search = "", hash = ""] =
    /^(https?:)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/i.exec(url) || [];
  return { protocol, host, hostname: host.replace(/:\d+$/, ""), port: (/:(\d+)$/.exec(host) || [])[1] || "", pathname: pathname || "/", search, hash };
}
function resolved(said) {
  const own = split(input.url), origin = own.protocol + "//" + own.host;
  if (/^[a-z][\w+.-]*:/i.test(said)) return said;
  if (said.startsWith("//")) return own.protocol + said;
  if (said.startsWith("/")) return origin + said;
  if (said.startsWith("?")) return origin + own.pathname + said;
  if (said.startsWith("#") || !said) return origin + own.pathname + own.search + said;
  return origin + own.pathname.replace(/[^/]*$/, "") + said;
}
function went(url) {
  url = String(url);
  if (/^javascript:/i.test(url)) { ran(url.slice(11)); return; }
  if (!url.startsWith("#") || url.includes(UNKNOWN)) ask("go", url);
}
const location = {
  assign: went, replace: went, reload() {}, toString: () => input.url, get href() { return input.url; }, set href(url) { went(url); },
  get origin() { const own = split(input.url); return own.protocol + "//" + own.host; }, set hash(_) {},
};
for (const part of ["protocol", "host", "hostname", "port", "pathname", "search", "hash"]) {
  Object.defineProperty(location, part, {
    get: () => split(input.url)[part],
    set: (value) => part === "pathname" ? went(value) : part === "search" ? went(split(input.url).pathname + (String(value).startsWith("?") ? "" : "?") + value) : undefined,
    configurable: true,
  });
}
const document = new Element("#document", {});
Object.assign(document, {
  readyState: "complete", referrer: "", cookie: "", characterSet: "UTF-8", nodeType: 9, hidden: false, visibilityState: "visible",
  write: (...markup) => build(document.body || document, markup.join("")), writeln: (...markup) => build(document.body || document, markup.join("") + "\n"),
  open() {}, close() {}, execCommand() {}, createTextNode: (text) => new Text(String(text)), createDocumentFragment: () => new Element("#fragment", {}),
  createElement: (tag) => new Element(String(tag).toLowerCase(), {}), createEvent: () => ({ initEvent(type) { this.type = type; } }),
  getElementById: (id) => below(document).find((one) => one.id === String(id)) || null,
  getElementsByName: (name) => listed(below(document).filter((one) => one.name === String(name))),
});
for (const tag of ["html", "body", "head"]) Object.defineProperty(document, tag, { get: () => below(document).find((one) => one.own.tag === tag) || document });
Object.defineProperties(document, {
  documentElement: { get: () => document.html }, title: { get: () => (selected(document, "title")[0] || { textContent: "" }).textContent, set() {} },
  forms: { get: () => named(document.getElementsByTagName("form")) }, links: { get: () => document.getElementsByTagName("a") },
  images: { get: () => document.getElementsByTagName("img") }, scripts: { get: () => document.getElementsByTagName("script") }, all: { get: () => below(document) },
  location: { get: () => location, set: went }, URL: { get: () => input.url }, domain: { get: () => split(input.url).hostname, set() {} },
  currentScript: { get: () => null }, defaultView: { get: () => globalThis },
});

// Events, with the ways up that they take.
function eventOf(type, target) {
  return { type, target, currentTarget: target, srcElement: target, which: 1, keyCode: 13, key: "Enter", detail: {}, preventDefault() {}, stopPropagation() {}, stopImmediatePropagation() {}, returnValue: true };
}
const guarded = (act) => { try { return act(); } catch { return undefined; } };
function ran(code) { return guarded(() => (0, eval)(code)); }
function fire(target, type) {
  const event = eventOf(type, target);
  let prevented = false;
  for (let one = target; one; one = one.parentNode) {
    event.currentTarget = one;
    for (const { heard, within, data } of (one.own.heard[type] || []).slice()) {
      const on = within ? target.closest(within) : one;
      if (!on || !one.contains(on)) continue;
      event.data = data;
      event.currentTarget = on;
      const said = guarded(() => (typeof heard === "function" ? heard.call(on, event) : heard.handleEvent(event)));
      prevented = prevented || said === false;
    }
    const own = one["on" + type], said = one.own.attributes["on" + type];
    if (typeof own === "function") prevented = guarded(() => own.call(one, event)) === false || prevented;
    else if (said) prevented = guarded(() => new Function("event", said).call(one, event)) === false || prevented;
  }
  for (const { heard } of heardByAll[type] || []) guarded(() => heard.call(globalThis, event));
  if (type !== "click" || prevented) return;
  const link = target.closest("a"), button = target.closest("button, input");
  const said = link ? link.getAttribute("href") || "" : "";
  if (/^javascript:/i.test(said)) ran(unescape(said.slice(11)));
  else if (link && !placed.has(link) && said && !said.startsWith("#")) ask("go", said);
  if (button && button.form && (/^(submit|image)$/.test(button.type) || (button.own.tag === "button" && !button.type))) {
    fire(button.form, "submit");
    sent(button.form);
  }
}
function sent(form) {
  const encoded = (text) => encodeURIComponent(text).replace(/%20/g, "+");
  const fields = below(form).filter((one) => /^(input|select|textarea)$/.test(one.own.tag) && one.name && !one.hasAttribute("disabled"))
    .filter((one) => !/^(submit|button|image|reset|file)$/i.test(one.type) && (!/^(checkbox|radio)$/i.test(one.type) || one.checked));
  const body = fields.map((one) => encoded(one.name) + "=" + encoded(one.value)).join("&");
  const action = form.getAttribute("action") || input.url;
  if (/^post$/i.test(form.getAttribute("method") || "")) ask("form", action, "POST", body);
  else ask("form", action.replace(/[?#].*$/, "") + "?" + body);
}

// Requests: noted, and never answered but by a ghost.
function asked(method, url, body, ...handlers) {
  ask("data", url, String(method || "GET").toUpperCase(), body);
  for (const each of handlers) if (typeof each === "function") answers.push(each);
}
class XMLHttpRequest {
  constructor() { this.readyState = 0; this.status = 0; this.responseText = ""; }
  open(method, url) { this.method = method; this.url = url; }
  setRequestHeader() {} abort() {} overrideMimeType() {} getResponseHeader() { return ""; }
  addEventListener(name, heard) { if (name === "load") this.onload = heard; }
  send(body) {
    const heard = this.onload || this.onreadystatechange;
    asked(this.method, this.url, body, heard && (() => { this.readyState = 4; this.status = 200; heard.call(this, {}); }));
  }
}
function promised() {
  const heard = [];
  const own = { then(one) { if (typeof one === "function") { answers.push(one); } return own; }, catch: () => own, finally: () => own, done: (one) => own.then(one), success: (one) => own.then(one), fail: () => own, always: () => own, error: () => own, abort() {} };
  return own;
}
function fetched(url, more) {
  const { method, body } = more || {};
  const target = typeof url === "object" && url ? url.url || url.href || String(url) : url;
  asked(method, target, typeof body === "object" && body ? encodedOf(body) : body);
  return promised();
}
const encodedOf = (values) => typeof values === "string" ? values : values && values.pairs ? values.toString()
  : Object.entries(values || {}).map(([name, value]) => encodeURIComponent(name) + "=" + encodeURIComponent(typeof value === "function" ? "" : value === null || value === undefined ? "" : value)).join("&");
const withQuery = (url, values) => { const query = encodedOf(values); return query ? url + (String(url).includes("?") ? "&" : "?") + query : url; };
class URLSearchParams {
  constructor(said) {
    this.pairs = typeof said === "object" && said ? Object.entries(said) : String(said || "").replace(/^\?/, "").split("&").filter(Boolean)
      .map((pair) => { const [name, value = ""] = pair.split("="); return [decodeURIComponent(name), decodeURIComponent(value)]; });
  }
  get(name) { const found = this.pairs.find((pair) => pair[0] === name); return found ? found[1] : null; }
  has(name) { return this.get(name) !== null; }
  set(name, value) { this.pairs = this.pairs.filter((pair) => pair[0] !== name); this.append(name, value); }
  append(name, value) { this.pairs.push([name, String(value)]); }
  toString() { return this.pairs.map(([name, value]) => encodeURIComponent(name) + "=" + encodeURIComponent(value)).join("&"); }
}
class URL_ {
  constructor(said, base) { Object.assign(this, split(resolved(String(said)))); this.searchParams = new URLSearchParams(this.search); this.origin = this.protocol + "//" + this.host; }
  get href() { const query = this.searchParams.toString(); return this.origin + this.pathname + (query ? "?" + query : ""); }
  toString() { return this.href; }
}
function axios(url, more) {
  const said = typeof url === "object" ? url : { ...(more || {}), url };
  const method = (said.method || "get").toUpperCase();
  const data = said.data && typeof said.data === "object" && !said.data.pairs ? JSON.stringify(said.data) : said.data;
  asked(method, withQuery((said.baseURL || axios.defaults.baseURL || "") + said.url, said.params), method === "GET" ? "" : data);
  return promised();
}
Object.assign(axios, {
  defaults: { headers: { common: {}, post: {} }, baseURL: "" }, interceptors: { request: { use() {} }, response: { use() {} } }, create: () => axios, request: axios,
  get: (url, more) => axios({ ...(more || {}), url }), post: (url, data, more) => axios({ ...(more || {}), url, data, method: "post" }), all: () => promised(), spread: (act) => act,
});

// What the page has from scripts that are not here: it takes anything, and what it is given is noted.
let ghostly = 0;
function ghost(path) {
  const target = function () {};
  return new Proxy(target, {
    get(_, name) {
      if (name === Symbol.toPrimitive) return (hint) => (hint === "number" ? NaN : UNKNOWN);
      if (name === Symbol.iterator) return function* () {};
      if (name === "length") return 0;
      if (name === "toString" || name === "valueOf" || name === "toJSON") return () => UNKNOWN;
      if (name === "then") return undefined;
      if (name in target && name !== "name" && name !== "prototype" && typeof name === "string" && Object.hasOwn(target, name)) return target[name];
      return typeof name === "string" ? ghost(path + "." + name) : undefined;
    },
    has: () => true,
    apply: (_, own, given) => called(path, given),
    construct: (_, given) => { called(path, given); return ghost(path); },
  });
}
function called(path, given) {
  if (calls.length < MOST_CALLS) calls.push([path, [...given]]);
  if (ghostly < 3) {
    ghostly++;
    for (const each of given) if (typeof each === "function") guarded(() => each(ghost("given"), ghost("given"), ghost("given")));
    ghostly--;
  }
  return ghost(path + "()");
}
// Vue, as far as pages use it to ask for a list.
function Vue(options) {
  const own = this instanceof Vue ? this : {};
  const data = typeof options.data === "function" ? guarded(() => options.data.call(own)) || {} : options.data || {};
  Object.assign(own, data, { $refs: ghost("$refs"), $nextTick: (act) => act && guarded(() => act.call(own)), $http: axios, $axios: axios, $emit() {}, $set: (one, name, value) => { one[name] = value; } });
  for (const [name, act] of Object.entries(options.methods || {})) own[name] = act.bind(own);
  for (const [name, act] of Object.entries(options.computed || {})) guarded(() => Object.defineProperty(own, name, { get: () => (act.get || act).call(own), configurable: true }));
  for (const name of ["beforeCreate", "created", "beforeMount", "mounted"]) if (typeof options[name] === "function") guarded(() => options[name].call(own));
  calls.push(["Vue", [Object.fromEntries([...Object.entries(data), ...Object.keys(options.methods || {}).map((name) => [name, own[name]])])]]);
  Object.defineProperty(own, "$mount", { value: () => own });
  return own;
}
Object.assign(Vue, { use() {}, component() {}, filter() {}, directive() {}, createApp: (options) => ({ mount: () => new Vue(options), use() { return this; }, component() { return this; } }), config: {}, prototype: {} });

function later(act, ...given) {
  if (tasks.length < MOST_TASKS) tasks.push(typeof act === "function" ? () => act(...given) : () => ran(String(act)));
  return tasks.length;
}
function runTasks() { for (let at = 0; at < Math.min(tasks.length, MOST_TASKS); at++) guarded(tasks[at]); tasks.length = 0; }
const store = () => { const held = new Map(); return { getItem: (name) => (held.has(name) ? held.get(name) : null), setItem: (name, value) => { held.set(name, String(value)); }, removeItem: (name) => { held.delete(name); }, clear: () => held.clear() }; };
function listens(name, heard) { (heardByAll[name] = heardByAll[name] || []).push({ heard }); }
const TODAY = 1767225600000;
class Day extends Date {
  constructor(...said) { super(...(said.length ? said : [TODAY])); }
  static now() { return TODAY; }
}
Math.random = () => 0.5;
const around = {
  document, axios, Vue, XMLHttpRequest, URLSearchParams, URL: URL_, Date: Day, Element, HTMLElement: Element, Node: Element, Event: function (type) { return eventOf(type, null); },
  fetch: fetched, open: (url) => { if (url) ask("go", url); return ghost("opened"); }, alert() {}, confirm: () => true, prompt: () => null, print() {}, close() {}, focus() {}, blur() {}, scroll() {}, scrollTo() {}, scrollBy() {},
  setTimeout: later, setInterval: later, clearTimeout() {}, clearInterval() {}, requestAnimationFrame: later, requestIdleCallback: later, queueMicrotask: later,
  addEventListener: listens, removeEventListener() {}, attachEvent: (name, heard) => listens(name.replace(/^on/, ""), heard), dispatchEvent() {}, postMessage() {},
  navigator: { userAgent: "Mozilla/5.0", platform: "", language: "zh-CN", appName: "Netscape", appVersion: "5.0", cookieEnabled: true, plugins: [], onLine: true },
  history: { pushState() {}, replaceState() {}, back() {}, go() {}, forward() {}, length: 1, state: null }, screen: { width: 1280, height: 800, availWidth: 1280, availHeight: 800 },
  console: new Proxy({}, { get: () => () => {} }), localStorage: store(), sessionStorage: store(), innerWidth: 1280, innerHeight: 800, outerHeight: 800, pageYOffset: 0, scrollY: 0, devicePixelRatio: 1,
  getComputedStyle: () => ({ getPropertyValue: () => "" }), matchMedia: () => ({ matches: false, addListener() {}, addEventListener() {} }), Image: function () { return new Element("img", {}); }, frames: [], opener: null, name: "", ActiveXObject: XMLHttpRequest,
  IntersectionObserver: function (act) { return { observe: () => later(() => act([{ isIntersecting: true, intersectionRatio: 1 }])), unobserve() {}, disconnect() {} }; },
  MutationObserver: function () { return { observe() {}, disconnect() {} }; }, FormData: function () { const own = new URLSearchParams(""); return own; }, atob: (text) => text, btoa: (text) => text,
};
for (const [name, value] of Object.entries(around)) Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
for (const name of ["window", "self", "top", "parent"]) Object.defineProperty(globalThis, name, { value: globalThis, configurable: true, writable: true });
Object.defineProperty(globalThis, "location", { get: () => location, set: went, configurable: true });
