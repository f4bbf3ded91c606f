// Made by `make widgets` from the modules beside it; never edited by hand.

// shared/alone.js
function bytesOf(base64) {
  const text2 = atob(base64), out = new Uint8Array(text2.length);
  for (let i4 = 0; i4 < text2.length; i4++) out[i4] = text2.charCodeAt(i4);
  return out;
}
async function unzipped(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
function unplaned(bytes, size) {
  const out = new Uint8Array(bytes.length), count = bytes.length / size;
  for (let p5 = 0; p5 < size; p5++) for (let i4 = 0; i4 < count; i4++) out[i4 * size + p5] = bytes[p5 * count + i4];
  return out;
}
async function part(name) {
  const held = document.getElementById(`cl-${name}`);
  const bytes = held ? await unzipped(bytesOf(held.textContent)) : null;
  held?.remove();
  return bytes;
}
var jsonPart = async (name) => JSON.parse(new TextDecoder().decode(await part(name)));
function follow(system) {
  const tell = (dark) => {
    document.body.dataset.jpThemeLight = String(!dark);
  };
  tell(system.matches);
  system.addEventListener("change", () => tell(system.matches));
  addEventListener("message", ({ source, data }) => {
    if (source === parent && source !== window && typeof data?.dark === "boolean") tell(data.dark);
  });
}
async function alone(widget, makeModel) {
  const place = document.getElementById("cl-place");
  try {
    follow(matchMedia("(prefers-color-scheme: dark)"));
    const model = await makeModel();
    place.textContent = "";
    widget.render({ model, el: place });
    window.chromolab = model;
  } catch (error) {
    console.error(error);
    place.textContent = `The page could not be opened in this browser: ${error.message}. It needs Chromium 80, Firefox 113 or Safari 16.4.`;
  }
}

// ../../../node_modules/preact/dist/preact.module.js
var n;
var l;
var u;
var t;
var i;
var r;
var o;
var e;
var f;
var c;
var a;
var s;
var h;
var p;
var v;
var y;
var d = {};
var w = [];
var _ = /acit|ex(?:s|g|n|p|$)|rph|grid|ows|mnc|ntw|ine[ch]|zoo|^ord|itera/i;
var g = Array.isArray;
function m(n3, l4) {
  for (var u5 in l4) n3[u5] = l4[u5];
  return n3;
}
function b(n3) {
  n3 && n3.parentNode && n3.parentNode.removeChild(n3);
}
function k(l4, u5, t4) {
  var i4, r4, o4, e4 = {};
  for (o4 in u5) "key" == o4 ? i4 = u5[o4] : "ref" == o4 ? r4 = u5[o4] : e4[o4] = u5[o4];
  if (arguments.length > 2 && (e4.children = arguments.length > 3 ? n.call(arguments, 2) : t4), "function" == typeof l4 && null != l4.defaultProps) for (o4 in l4.defaultProps) void 0 === e4[o4] && (e4[o4] = l4.defaultProps[o4]);
  return x(l4, e4, i4, r4, null);
}
function x(n3, t4, i4, r4, o4) {
  var e4 = { type: n3, props: t4, key: i4, ref: r4, __k: null, __: null, __b: 0, __e: null, __c: null, constructor: void 0, __v: null == o4 ? ++u : o4, __i: -1, __u: 0 };
  return null == o4 && null != l.vnode && l.vnode(e4), e4;
}
function S(n3) {
  return n3.children;
}
function C(n3, l4) {
  this.props = n3, this.context = l4;
}
function $(n3, l4) {
  if (null == l4) return n3.__ ? $(n3.__, n3.__i + 1) : null;
  for (var u5; l4 < n3.__k.length; l4++) if (null != (u5 = n3.__k[l4]) && null != u5.__e) return u5.__e;
  return "function" == typeof n3.type ? $(n3) : null;
}
function I(n3) {
  if (n3.__P && n3.__d) {
    var u5 = n3.__v, t4 = u5.__e, i4 = [], r4 = [], o4 = m({}, u5);
    o4.__v = u5.__v + 1, l.vnode && l.vnode(o4), q(n3.__P, o4, u5, n3.__n, n3.__P.namespaceURI, 32 & u5.__u ? [t4] : null, i4, null == t4 ? $(u5) : t4, !!(32 & u5.__u), r4), o4.__v = u5.__v, o4.__.__k[o4.__i] = o4, D(i4, o4, r4), u5.__e = u5.__ = null, o4.__e != t4 && P(o4);
  }
}
function P(n3) {
  if (null != (n3 = n3.__) && null != n3.__c) return n3.__e = n3.__c.base = null, n3.__k.some(function(l4) {
    if (null != l4 && null != l4.__e) return n3.__e = n3.__c.base = l4.__e;
  }), P(n3);
}
function A(n3) {
  (!n3.__d && (n3.__d = true) && i.push(n3) && !H.__r++ || r != l.debounceRendering) && ((r = l.debounceRendering) || o)(H);
}
function H() {
  try {
    for (var n3, l4 = 1; i.length; ) i.length > l4 && i.sort(e), n3 = i.shift(), l4 = i.length, I(n3);
  } finally {
    i.length = H.__r = 0;
  }
}
function L(n3, l4, u5, t4, i4, r4, o4, e4, f5, c4, a4) {
  var s4, h5, p5, v4, y4, _3, g5 = t4 && t4.__k || w, m5 = l4.length;
  for (f5 = T(u5, l4, g5, f5, m5), s4 = 0; s4 < m5; s4++) null != (p5 = u5.__k[s4]) && (h5 = -1 != p5.__i && g5[p5.__i] || d, p5.__i = s4, _3 = q(n3, p5, h5, i4, r4, o4, e4, f5, c4, a4), v4 = p5.__e, p5.ref && h5.ref != p5.ref && (h5.ref && J(h5.ref, null, p5), a4.push(p5.ref, p5.__c || v4, p5)), null == y4 && null != v4 && (y4 = v4), 4 & p5.__u ? (f5 = j(p5, f5, n3), h5.__e && (h5.__e = null)) : "function" == typeof p5.type && void 0 !== _3 ? f5 = _3 : v4 && (f5 = v4.nextSibling), p5.__u &= -7);
  return u5.__e = y4, f5;
}
function T(n3, l4, u5, t4, i4) {
  var r4, o4, e4, f5, c4, a4 = u5.length, s4 = a4, h5 = 0;
  for (n3.__k = new Array(i4), r4 = 0; r4 < i4; r4++) null != (o4 = l4[r4]) && "boolean" != typeof o4 && "function" != typeof o4 ? ("string" == typeof o4 || "number" == typeof o4 || "bigint" == typeof o4 || o4.constructor == String ? o4 = n3.__k[r4] = x(null, o4, null, null, null) : g(o4) ? o4 = n3.__k[r4] = x(S, { children: o4 }, null, null, null) : void 0 === o4.constructor && o4.__b > 0 ? o4 = n3.__k[r4] = x(o4.type, o4.props, o4.key, o4.ref ? o4.ref : null, o4.__v) : n3.__k[r4] = o4, f5 = r4 + h5, o4.__ = n3, o4.__b = n3.__b + 1, e4 = null, -1 != (c4 = o4.__i = O(o4, u5, f5, s4)) && (s4--, (e4 = u5[c4]) && (e4.__u |= 2)), null == e4 || null == e4.__v ? (-1 == c4 && (i4 > a4 ? h5-- : i4 < a4 && h5++), "function" != typeof o4.type && (o4.__u |= 4)) : c4 != f5 && (c4 == f5 - 1 ? h5-- : c4 == f5 + 1 ? h5++ : (c4 > f5 ? h5-- : h5++, o4.__u |= 4))) : n3.__k[r4] = null;
  if (s4) for (r4 = 0; r4 < a4; r4++) null != (e4 = u5[r4]) && 0 == (2 & e4.__u) && (e4.__e == t4 && (t4 = $(e4)), K(e4, e4));
  return t4;
}
function j(n3, l4, u5) {
  var t4, i4;
  if ("function" == typeof n3.type) {
    for (t4 = n3.__k, i4 = 0; t4 && i4 < t4.length; i4++) t4[i4] && (t4[i4].__ = n3, l4 = j(t4[i4], l4, u5));
    return l4;
  }
  n3.__e != l4 && (l4 && n3.type && !l4.parentNode && (l4 = $(n3)), l4 = u5.insertBefore(n3.__e, l4 || null));
  do {
    l4 = l4 && l4.nextSibling;
  } while (null != l4 && 8 == l4.nodeType);
  return l4;
}
function O(n3, l4, u5, t4) {
  var i4, r4, o4, e4 = n3.key, f5 = n3.type, c4 = l4[u5], a4 = null != c4 && 0 == (2 & c4.__u);
  if (null === c4 && null == e4 || a4 && e4 == c4.key && f5 == c4.type) return u5;
  if (t4 > (a4 ? 1 : 0)) {
    for (i4 = u5 - 1, r4 = u5 + 1; i4 >= 0 || r4 < l4.length; ) if (null != (c4 = l4[o4 = i4 >= 0 ? i4-- : r4++]) && 0 == (2 & c4.__u) && e4 == c4.key && f5 == c4.type) return o4;
  }
  return -1;
}
function z(n3, l4, u5) {
  "-" == l4[0] ? n3.setProperty(l4, null == u5 ? "" : u5) : n3[l4] = null == u5 ? "" : "number" != typeof u5 || _.test(l4) ? u5 : u5 + "px";
}
function N(n3, l4, u5, t4, i4) {
  var r4, o4;
  n: if ("style" == l4) if ("string" == typeof u5) n3.style.cssText = u5;
  else {
    if ("string" == typeof t4 && (n3.style.cssText = t4 = ""), t4) for (l4 in t4) u5 && l4 in u5 || z(n3.style, l4, "");
    if (u5) for (l4 in u5) t4 && u5[l4] == t4[l4] || z(n3.style, l4, u5[l4]);
  }
  else if ("o" == l4[0] && "n" == l4[1]) r4 = l4 != (l4 = l4.replace(s, "$1")), o4 = l4.toLowerCase(), l4 = o4 in n3 || "onFocusOut" == l4 || "onFocusIn" == l4 ? o4.slice(2) : l4.slice(2), n3.l || (n3.l = {}), n3.l[l4 + r4] = u5, u5 ? t4 ? u5[a] = t4[a] : (u5[a] = h, n3.addEventListener(l4, r4 ? v : p, r4)) : n3.removeEventListener(l4, r4 ? v : p, r4);
  else {
    if ("http://www.w3.org/2000/svg" == i4) l4 = l4.replace(/xlink(H|:h)/, "h").replace(/sName$/, "s");
    else if ("width" != l4 && "height" != l4 && "href" != l4 && "list" != l4 && "form" != l4 && "tabIndex" != l4 && "download" != l4 && "rowSpan" != l4 && "colSpan" != l4 && "role" != l4 && "popover" != l4 && l4 in n3) try {
      n3[l4] = null == u5 ? "" : u5;
      break n;
    } catch (n4) {
    }
    "function" == typeof u5 || (null == u5 || false === u5 && "-" != l4[4] ? n3.removeAttribute(l4) : n3.setAttribute(l4, "popover" == l4 && 1 == u5 ? "" : u5));
  }
}
function V(n3) {
  return function(u5) {
    if (this.l) {
      var t4 = this.l[u5.type + n3];
      if (null == u5[c]) u5[c] = h++;
      else if (u5[c] < t4[a]) return;
      return t4(l.event ? l.event(u5) : u5);
    }
  };
}
function q(n3, u5, t4, i4, r4, o4, e4, f5, c4, a4) {
  var s4, h5, p5, v4, y4, d4, _3, k4, x3, M2, I2, P2, A4, H2, T4, j4, F2 = u5.type;
  if (void 0 !== u5.constructor) return null;
  128 & t4.__u && (c4 = !!(32 & t4.__u), o4 = [f5 = u5.__e = t4.__e]), (s4 = l.__b) && s4(u5);
  n: if ("function" == typeof F2) {
    h5 = e4.length;
    try {
      if (x3 = u5.props, M2 = F2.prototype && F2.prototype.render, I2 = (s4 = F2.contextType) && i4[s4.__c], P2 = s4 ? I2 ? I2.props.value : s4.__ : i4, t4.__c ? k4 = (p5 = u5.__c = t4.__c).__ = p5.__E : (M2 ? u5.__c = p5 = new F2(x3, P2) : (u5.__c = p5 = new C(x3, P2), p5.constructor = F2, p5.render = Q), I2 && I2.sub(p5), p5.state || (p5.state = {}), p5.__n = i4, v4 = p5.__d = true, p5.__h = [], p5._sb = []), M2 && null == p5.__s && (p5.__s = p5.state), M2 && null != F2.getDerivedStateFromProps && (p5.__s == p5.state && (p5.__s = m({}, p5.__s)), m(p5.__s, F2.getDerivedStateFromProps(x3, p5.__s))), y4 = p5.props, d4 = p5.state, p5.__v = u5, v4) M2 && null == F2.getDerivedStateFromProps && null != p5.componentWillMount && p5.componentWillMount(), M2 && null != p5.componentDidMount && p5.__h.push(p5.componentDidMount);
      else {
        if (M2 && null == F2.getDerivedStateFromProps && x3 !== y4 && null != p5.componentWillReceiveProps && p5.componentWillReceiveProps(x3, P2), u5.__v == t4.__v || !p5.__e && null != p5.shouldComponentUpdate && false === p5.shouldComponentUpdate(x3, p5.__s, P2)) {
          u5.__v != t4.__v && (p5.props = x3, p5.state = p5.__s, p5.__d = false), u5.__e = t4.__e, u5.__k = t4.__k, u5.__k.some(function(n4) {
            n4 && (n4.__ = u5);
          }), w.push.apply(p5.__h, p5._sb), p5._sb = [], p5.__h.length && e4.push(p5), f5 = $(t4);
          break n;
        }
        null != p5.componentWillUpdate && p5.componentWillUpdate(x3, p5.__s, P2), M2 && null != p5.componentDidUpdate && p5.__h.push(function() {
          p5.componentDidUpdate(y4, d4, _3);
        });
      }
      if (p5.context = P2, p5.props = x3, p5.__P = n3, p5.__e = false, A4 = l.__r, H2 = 0, M2) p5.state = p5.__s, p5.__d = false, A4 && A4(u5), s4 = p5.render(p5.props, p5.state, p5.context), w.push.apply(p5.__h, p5._sb), p5._sb = [];
      else do {
        p5.__d = false, A4 && A4(u5), s4 = p5.render(p5.props, p5.state, p5.context), p5.state = p5.__s;
      } while (p5.__d && ++H2 < 25);
      p5.state = p5.__s, null != p5.getChildContext && (i4 = m(m({}, i4), p5.getChildContext())), M2 && !v4 && null != p5.getSnapshotBeforeUpdate && (_3 = p5.getSnapshotBeforeUpdate(y4, d4)), T4 = null != s4 && s4.type === S && null == s4.key ? E(s4.props.children) : s4, f5 = L(n3, g(T4) ? T4 : [T4], u5, t4, i4, r4, o4, e4, f5, c4, a4), p5.base = u5.__e, u5.__u &= -161, p5.__h.length && e4.push(p5), k4 && (p5.__E = p5.__ = null);
    } catch (n4) {
      if (e4.length = h5, u5.__v = null, c4 || null != o4) {
        if (n4.then) {
          for (u5.__u |= c4 ? 160 : 128; f5 && 8 == f5.nodeType && f5.nextSibling; ) f5 = f5.nextSibling;
          null != o4 && (o4[o4.indexOf(f5)] = null), u5.__e = f5;
        } else if (null != o4) for (j4 = o4.length; j4--; ) b(o4[j4]);
      } else u5.__e = t4.__e;
      null == u5.__k && (u5.__k = t4.__k || []), n4.then || B(u5), l.__e(n4, u5, t4);
    }
  } else null == o4 && u5.__v == t4.__v ? (u5.__k = t4.__k, u5.__e = t4.__e) : f5 = u5.__e = G(t4.__e, u5, t4, i4, r4, o4, e4, c4, a4);
  return (s4 = l.diffed) && s4(u5), 128 & u5.__u ? void 0 : f5;
}
function B(n3) {
  n3 && (n3.__c && (n3.__c.__e = true), n3.__k && n3.__k.some(B));
}
function D(n3, u5, t4) {
  for (var i4 = 0; i4 < t4.length; i4++) J(t4[i4], t4[++i4], t4[++i4]);
  l.__c && l.__c(u5, n3), n3.some(function(u6) {
    try {
      n3 = u6.__h, u6.__h = [], n3.some(function(n4) {
        n4.call(u6);
      });
    } catch (n4) {
      l.__e(n4, u6.__v);
    }
  });
}
function E(n3) {
  return "object" != typeof n3 || null == n3 || n3.__b > 0 ? n3 : g(n3) ? n3.map(E) : void 0 !== n3.constructor ? null : m({}, n3);
}
function G(u5, t4, i4, r4, o4, e4, f5, c4, a4) {
  var s4, h5, p5, v4, y4, w5, _3, m5 = i4.props || d, k4 = t4.props, x3 = t4.type;
  if ("svg" == x3 ? o4 = "http://www.w3.org/2000/svg" : "math" == x3 ? o4 = "http://www.w3.org/1998/Math/MathML" : o4 || (o4 = "http://www.w3.org/1999/xhtml"), null != e4) {
    for (s4 = 0; s4 < e4.length; s4++) if ((y4 = e4[s4]) && "setAttribute" in y4 == !!x3 && (x3 ? y4.localName == x3 : 3 == y4.nodeType)) {
      u5 = y4, e4[s4] = null;
      break;
    }
  }
  if (null == u5) {
    if (null == x3) return document.createTextNode(k4);
    u5 = document.createElementNS(o4, x3, k4.is && k4), c4 && (l.__m && l.__m(t4, e4), c4 = false), e4 = null;
  }
  if (null == x3) m5 === k4 || c4 && u5.data == k4 || (u5.data = k4);
  else {
    if (e4 = "textarea" == x3 && null != k4.defaultValue ? null : e4 && n.call(u5.childNodes), !c4 && null != e4) for (m5 = {}, s4 = 0; s4 < u5.attributes.length; s4++) m5[(y4 = u5.attributes[s4]).name] = y4.value;
    for (s4 in m5) y4 = m5[s4], "dangerouslySetInnerHTML" == s4 ? p5 = y4 : "children" == s4 || s4 in k4 || "value" == s4 && "defaultValue" in k4 || "checked" == s4 && "defaultChecked" in k4 || N(u5, s4, null, y4, o4);
    for (s4 in k4) y4 = k4[s4], "children" == s4 ? v4 = y4 : "dangerouslySetInnerHTML" == s4 ? h5 = y4 : "value" == s4 ? w5 = y4 : "checked" == s4 ? _3 = y4 : c4 && "function" != typeof y4 || m5[s4] === y4 || N(u5, s4, y4, m5[s4], o4);
    if (h5) c4 || p5 && (h5.__html == p5.__html || h5.__html == u5.innerHTML) || (u5.innerHTML = h5.__html), t4.__k = [];
    else if (p5 && (u5.innerHTML = ""), L("template" == t4.type ? u5.content : u5, g(v4) ? v4 : [v4], t4, i4, r4, "foreignObject" == x3 ? "http://www.w3.org/1999/xhtml" : o4, e4, f5, e4 ? e4[0] : i4.__k && $(i4, 0), c4, a4), null != e4) for (s4 = e4.length; s4--; ) b(e4[s4]);
    c4 && "textarea" != x3 || (s4 = "value", "progress" == x3 && null == w5 ? u5.removeAttribute("value") : null != w5 && (w5 !== u5[s4] || "progress" == x3 && !w5 || "option" == x3 && w5 != m5[s4]) && N(u5, s4, w5, m5[s4], o4), s4 = "checked", null != _3 && _3 != u5[s4] && N(u5, s4, _3, m5[s4], o4));
  }
  return u5;
}
function J(n3, u5, t4) {
  try {
    if ("function" == typeof n3) {
      var i4 = "function" == typeof n3.__u;
      i4 && n3.__u(), i4 && null == u5 || (n3.__u = n3(u5));
    } else n3.current = u5;
  } catch (n4) {
    l.__e(n4, t4);
  }
}
function K(n3, u5, t4) {
  var i4, r4;
  if (l.unmount && l.unmount(n3), (i4 = n3.ref) && (i4.current && i4.current != n3.__e || J(i4, null, u5)), null != (i4 = n3.__c)) {
    if (i4.componentWillUnmount) try {
      i4.componentWillUnmount();
    } catch (n4) {
      l.__e(n4, u5);
    }
    i4.base = i4.__P = i4.__n = null;
  }
  if (i4 = n3.__k) for (r4 = 0; r4 < i4.length; r4++) i4[r4] && K(i4[r4], u5, t4 || "function" != typeof n3.type);
  t4 || b(n3.__e), n3.__c = n3.__ = n3.__e = void 0;
}
function Q(n3, l4, u5) {
  return this.constructor(n3, u5);
}
function R(u5, t4, i4) {
  var r4, o4, e4, f5;
  t4 == document && (t4 = document.documentElement), l.__ && l.__(u5, t4), o4 = (r4 = "function" == typeof i4) ? null : i4 && i4.__k || t4.__k, e4 = [], f5 = [], q(t4, u5 = (!r4 && i4 || t4).__k = k(S, null, [u5]), o4 || d, d, t4.namespaceURI, !r4 && i4 ? [i4] : o4 ? null : t4.firstChild ? n.call(t4.childNodes) : null, e4, !r4 && i4 ? i4 : o4 ? o4.__e : t4.firstChild, r4, f5), D(e4, u5, f5), u5.props.children = null;
}
n = w.slice, l = { __e: function(n3, l4, u5, t4) {
  for (var i4, r4, o4; l4 = l4.__; ) if ((i4 = l4.__c) && !i4.__) try {
    if ((r4 = i4.constructor) && null != r4.getDerivedStateFromError && (i4.setState(r4.getDerivedStateFromError(n3)), o4 = i4.__d), null != i4.componentDidCatch && (i4.componentDidCatch(n3, t4 || {}), o4 = i4.__d), o4) return i4.__E = i4;
  } catch (l5) {
    n3 = l5;
  }
  throw n3;
} }, u = 0, t = function(n3) {
  return null != n3 && void 0 === n3.constructor;
}, C.prototype.setState = function(n3, l4) {
  var u5;
  u5 = null != this.__s && this.__s != this.state ? this.__s : this.__s = m({}, this.state), "function" == typeof n3 && (n3 = n3(m({}, u5), this.props)), n3 && m(u5, n3), null != n3 && this.__v && (l4 && this._sb.push(l4), A(this));
}, C.prototype.forceUpdate = function(n3) {
  this.__v && (this.__e = true, n3 && this.__h.push(n3), A(this));
}, C.prototype.render = S, i = [], o = "function" == typeof Promise ? Promise.prototype.then.bind(Promise.resolve()) : setTimeout, e = function(n3, l4) {
  return n3.__v.__b - l4.__v.__b;
}, H.__r = 0, f = Math.random().toString(8), c = "__d" + f, a = "__a" + f, s = /(PointerCapture)$|Capture$/i, h = 0, p = V(false), v = V(true), y = 0;

// ../../../node_modules/preact/hooks/dist/hooks.module.js
var t2;
var r2;
var u2;
var i2;
var o2 = 0;
var f2 = [];
var c2 = l;
var e2 = c2.__b;
var a2 = c2.__r;
var v2 = c2.diffed;
var l2 = c2.__c;
var m2 = c2.unmount;
var p2 = c2.__;
function s2(n3, t4) {
  c2.__h && c2.__h(r2, n3, o2 || t4), o2 = 0;
  var u5 = r2.__H || (r2.__H = { __: [], __h: [] });
  return n3 >= u5.__.length && u5.__.push({}), u5.__[n3];
}
function h2(n3, u5) {
  var i4 = s2(t2++, 3);
  !c2.__s && C2(i4.__H, u5) && (i4.__ = n3, i4.u = u5, r2.__H.__h.push(i4));
}
function A2(n3) {
  return o2 = 5, T2(function() {
    return { current: n3 };
  }, []);
}
function T2(n3, r4) {
  var u5 = s2(t2++, 7);
  return C2(u5.__H, r4) && (u5.__ = n3(), u5.__H = r4, u5.__h = n3), u5.__;
}
function g2() {
  var n3 = s2(t2++, 11);
  if (!n3.__) {
    for (var u5 = r2.__v; null !== u5 && !u5.__m && null !== u5.__; ) u5 = u5.__;
    var i4 = u5.__m || (u5.__m = [0, 0]);
    n3.__ = "P" + i4[0] + "-" + i4[1]++;
  }
  return n3.__;
}
function j2() {
  for (var n3; n3 = f2.shift(); ) {
    var t4 = n3.__H;
    if (n3.__P && t4) try {
      t4.__h.some(z2), t4.__h.some(B2), t4.__h = [];
    } catch (r4) {
      t4.__h = [], c2.__e(r4, n3.__v);
    }
  }
}
c2.__b = function(n3) {
  r2 = null, e2 && e2(n3);
}, c2.__ = function(n3, t4) {
  n3 && t4.__k && t4.__k.__m && (n3.__m = t4.__k.__m), p2 && p2(n3, t4);
}, c2.__r = function(n3) {
  a2 && a2(n3), t2 = 0;
  var i4 = (r2 = n3.__c).__H;
  i4 && (u2 === r2 ? (i4.__h = [], r2.__h = [], i4.__.some(function(n4) {
    n4.__N && (n4.__ = n4.__N), n4.u = n4.__N = void 0;
  })) : (i4.__h.some(z2), i4.__h.some(B2), i4.__h = [], t2 = 0)), u2 = r2;
}, c2.diffed = function(n3) {
  v2 && v2(n3);
  var t4 = n3.__c;
  t4 && t4.__H && (t4.__H.__h.length && (1 !== f2.push(t4) && i2 === c2.requestAnimationFrame || ((i2 = c2.requestAnimationFrame) || w2)(j2)), t4.__H.__.some(function(n4) {
    n4.u && (n4.__H = n4.u, n4.u = void 0);
  })), u2 = r2 = null;
}, c2.__c = function(n3, t4) {
  t4.some(function(n4) {
    try {
      n4.__h.some(z2), n4.__h = n4.__h.filter(function(n5) {
        return !n5.__ || B2(n5);
      });
    } catch (r4) {
      t4.some(function(n5) {
        n5.__h && (n5.__h = []);
      }), t4 = [], c2.__e(r4, n4.__v);
    }
  }), l2 && l2(n3, t4);
}, c2.unmount = function(n3) {
  m2 && m2(n3);
  var t4, r4 = n3.__c;
  r4 && r4.__H && (r4.__H.__.some(function(n4) {
    try {
      z2(n4);
    } catch (n5) {
      t4 = n5;
    }
  }), r4.__H = void 0, t4 && c2.__e(t4, r4.__v));
};
var k2 = "function" == typeof requestAnimationFrame;
function w2(n3) {
  var t4, r4 = function() {
    clearTimeout(u5), k2 && cancelAnimationFrame(t4), setTimeout(n3);
  }, u5 = setTimeout(r4, 35);
  k2 && (t4 = requestAnimationFrame(r4));
}
function z2(n3) {
  var t4 = r2, u5 = n3.__c;
  "function" == typeof u5 && (n3.__c = void 0, u5()), r2 = t4;
}
function B2(n3) {
  var t4 = r2;
  n3.__c = n3.__(), r2 = t4;
}
function C2(n3, t4) {
  return !n3 || n3.length !== t4.length || t4.some(function(t5, r4) {
    return t5 !== n3[r4];
  });
}

// ../../../node_modules/@preact/signals-core/dist/signals-core.module.js
var i3 = /* @__PURE__ */ Symbol.for("preact-signals");
function t3() {
  if (!(v3 > 1)) {
    var i4, t4 = false;
    !(function() {
      var i5 = c3;
      c3 = void 0;
      while (void 0 !== i5) {
        var t5 = i5.S;
        if (t5.v === i5.v) {
          for (var r5 = t5.t; void 0 !== r5; r5 = r5.x) if (r5.i === i5.i) r5.i = t5.i;
        }
        i5 = i5.o;
      }
    })();
    while (void 0 !== h3) {
      var r4 = h3;
      h3 = void 0;
      s3++;
      while (void 0 !== r4) {
        var n3 = r4.u;
        r4.u = void 0;
        r4.f &= -3;
        if (!(8 & r4.f) && w3(r4)) try {
          r4.c();
        } catch (r5) {
          if (!t4) {
            i4 = r5;
            t4 = true;
          }
        }
        r4 = n3;
      }
    }
    s3 = 0;
    v3--;
    if (t4) throw i4;
  } else v3--;
}
function r3(i4) {
  if (v3 > 0) return i4();
  u3 = ++e3;
  v3++;
  try {
    return i4();
  } finally {
    t3();
  }
}
var n2;
var o3 = void 0;
function f3(i4) {
  var t4 = o3, r4 = n2;
  o3 = void 0;
  n2 = void 0;
  try {
    return i4();
  } finally {
    o3 = t4;
    n2 = r4;
  }
}
var h3 = void 0;
var v3 = 0;
var s3 = 0;
var e3 = 0;
var u3 = 0;
var c3 = void 0;
var a3 = 0;
function d2(i4) {
  if (void 0 !== o3) {
    var t4 = i4.n;
    if (void 0 === t4 || t4.t !== o3) {
      t4 = { i: 0, S: i4, p: o3.s, n: void 0, t: o3, e: void 0, x: void 0, r: t4 };
      if (void 0 !== o3.s) o3.s.n = t4;
      o3.s = t4;
      i4.n = t4;
      if (32 & o3.f) i4.S(t4);
      return t4;
    } else if (-1 === t4.i) {
      t4.i = 0;
      if (void 0 !== t4.n) {
        t4.n.p = t4.p;
        if (void 0 !== t4.p) t4.p.n = t4.n;
        t4.p = o3.s;
        t4.n = void 0;
        o3.s.n = t4;
        o3.s = t4;
      }
      return t4;
    }
  }
}
function l3(i4, t4) {
  this.v = i4;
  this.i = 0;
  this.n = void 0;
  this.t = void 0;
  this.l = 0;
  this.W = null == t4 ? void 0 : t4.watched;
  this.Z = null == t4 ? void 0 : t4.unwatched;
  this.name = null == t4 ? void 0 : t4.name;
}
l3.prototype.brand = i3;
l3.prototype.h = function() {
  return true;
};
l3.prototype.S = function(i4) {
  var t4 = this, r4 = this.t;
  if (r4 !== i4 && void 0 === i4.e) {
    i4.x = r4;
    this.t = i4;
    if (void 0 !== r4) r4.e = i4;
    else f3(function() {
      var i5;
      null == (i5 = t4.W) || i5.call(t4);
    });
  }
};
l3.prototype.U = function(i4) {
  var t4 = this;
  if (void 0 !== this.t) {
    var r4 = i4.e, n3 = i4.x;
    if (void 0 !== r4) {
      r4.x = n3;
      i4.e = void 0;
    }
    if (void 0 !== n3) {
      n3.e = r4;
      i4.x = void 0;
    }
    if (i4 === this.t) {
      this.t = n3;
      if (void 0 === n3) f3(function() {
        var i5;
        null == (i5 = t4.Z) || i5.call(t4);
      });
    }
  }
};
l3.prototype.subscribe = function(i4) {
  var t4 = this;
  return x2(function() {
    var r4 = t4.value;
    f3(function() {
      return i4(r4);
    });
  }, { name: "sub" });
};
l3.prototype.valueOf = function() {
  return this.value;
};
l3.prototype.toString = function() {
  return this.value + "";
};
l3.prototype.toJSON = function() {
  return this.value;
};
l3.prototype.peek = function() {
  var i4 = this;
  return f3(function() {
    return i4.value;
  });
};
Object.defineProperty(l3.prototype, "value", { get: function() {
  var i4 = d2(this);
  if (void 0 !== i4) i4.i = this.i;
  return this.v;
}, set: function(i4) {
  if (i4 !== this.v) {
    if (s3 > 100) throw new Error("Cycle detected");
    !(function(i5) {
      if (0 !== v3 && 0 === s3) {
        if (i5.l !== u3) {
          i5.l = u3;
          c3 = { S: i5, v: i5.v, i: i5.i, o: c3 };
        }
      }
    })(this);
    this.v = i4;
    this.i++;
    a3++;
    v3++;
    try {
      for (var r4 = this.t; void 0 !== r4; r4 = r4.x) r4.t.N();
    } finally {
      t3();
    }
  }
} });
function y2(i4, t4) {
  return new l3(i4, t4);
}
function w3(i4) {
  for (var t4 = i4.s; void 0 !== t4; t4 = t4.n) if (t4.S.i !== t4.i || !t4.S.h() || t4.S.i !== t4.i) return true;
  return false;
}
function b2(i4) {
  for (var t4 = i4.s; void 0 !== t4; t4 = t4.n) {
    var r4 = t4.S.n;
    if (void 0 !== r4) t4.r = r4;
    t4.S.n = t4;
    t4.i = -1;
    if (void 0 === t4.n) {
      i4.s = t4;
      break;
    }
  }
}
function _2(i4) {
  var t4 = i4.s, r4 = void 0;
  while (void 0 !== t4) {
    var n3 = t4.p;
    if (-1 === t4.i) {
      t4.S.U(t4);
      if (void 0 !== n3) n3.n = t4.n;
      if (void 0 !== t4.n) t4.n.p = n3;
    } else r4 = t4;
    t4.S.n = t4.r;
    if (void 0 !== t4.r) t4.r = void 0;
    t4 = n3;
  }
  i4.s = r4;
}
function j3(i4, t4) {
  l3.call(this, void 0, t4);
  this.x = i4;
  this.s = void 0;
  this.g = a3 - 1;
  this.f = 4;
}
j3.prototype = new l3();
j3.prototype.h = function() {
  this.f &= -3;
  if (1 & this.f) return false;
  if (32 == (36 & this.f)) return true;
  this.f &= -5;
  if (this.g === a3) return true;
  this.g = a3;
  this.f |= 1;
  if (this.i > 0 && !w3(this)) {
    this.f &= -2;
    return true;
  }
  var i4 = o3;
  try {
    b2(this);
    o3 = this;
    var t4 = this.x();
    if (16 & this.f || this.v !== t4 || 0 === this.i) {
      this.v = t4;
      this.f &= -17;
      this.i++;
    }
  } catch (i5) {
    this.v = i5;
    this.f |= 16;
    this.i++;
  }
  o3 = i4;
  _2(this);
  this.f &= -2;
  return true;
};
j3.prototype.S = function(i4) {
  if (void 0 === this.t) {
    this.f |= 36;
    for (var t4 = this.s; void 0 !== t4; t4 = t4.n) t4.S.S(t4);
  }
  l3.prototype.S.call(this, i4);
};
j3.prototype.U = function(i4) {
  if (void 0 !== this.t) {
    l3.prototype.U.call(this, i4);
    if (void 0 === this.t) {
      this.f &= -33;
      for (var t4 = this.s; void 0 !== t4; t4 = t4.n) t4.S.U(t4);
    }
  }
};
j3.prototype.N = function() {
  if (!(2 & this.f)) {
    this.f |= 6;
    for (var i4 = this.t; void 0 !== i4; i4 = i4.x) i4.t.N();
  }
};
Object.defineProperty(j3.prototype, "value", { get: function() {
  if (1 & this.f) throw new Error("Cycle detected");
  var i4 = d2(this);
  this.h();
  if (void 0 !== i4) i4.i = this.i;
  if (16 & this.f) throw this.v;
  return this.v;
} });
function O2(i4, t4) {
  return new j3(i4, t4);
}
function p3(i4) {
  var r4 = i4.j;
  i4.j = void 0;
  if ("function" == typeof r4) {
    v3++;
    var n3 = o3;
    o3 = void 0;
    try {
      r4();
    } catch (t4) {
      i4.f &= -2;
      i4.f |= 8;
      g3(i4);
      throw t4;
    } finally {
      o3 = n3;
      t3();
    }
  }
}
function g3(i4) {
  for (var t4 = i4.s; void 0 !== t4; t4 = t4.n) t4.S.U(t4);
  i4.x = void 0;
  i4.s = void 0;
  p3(i4);
}
function S2(i4) {
  if (o3 !== this) throw new Error("Out-of-order effect");
  _2(this);
  o3 = i4;
  this.f &= -2;
  try {
    if (8 & this.f) g3(this);
  } finally {
    t3();
  }
}
function m3(i4, t4) {
  this.x = i4;
  this.j = void 0;
  this.s = void 0;
  this.u = void 0;
  this.f = 32;
  this.name = null == t4 ? void 0 : t4.name;
  if (n2) n2.push(this);
}
m3.prototype.c = function() {
  var i4 = this.S();
  try {
    if (8 & this.f) return;
    if (void 0 === this.x) return;
    var t4 = this.x();
    if ("function" == typeof t4) this.j = t4;
  } finally {
    i4();
  }
};
m3.prototype.S = function() {
  if (1 & this.f) throw new Error("Cycle detected");
  this.f |= 1;
  this.f &= -9;
  p3(this);
  b2(this);
  v3++;
  var i4 = o3;
  o3 = this;
  return S2.bind(this, i4);
};
m3.prototype.N = function() {
  if (!(2 & this.f)) {
    this.f |= 2;
    this.u = h3;
    h3 = this;
  }
};
m3.prototype.d = function() {
  this.f |= 8;
  if (!(1 & this.f)) g3(this);
};
m3.prototype.dispose = function() {
  this.d();
};
function x2(i4, t4) {
  var r4 = new m3(i4, t4);
  try {
    r4.c();
  } catch (i5) {
    r4.d();
    throw i5;
  }
  var n3 = r4.d.bind(r4);
  n3[Symbol.dispose] = n3;
  return n3;
}

// ../../../node_modules/@preact/signals/dist/signals.module.js
var h4;
var d3;
var p4;
var m4 = "undefined" != typeof window && !!window.__PREACT_SIGNALS_DEVTOOLS__;
var g4 = [];
x2(function() {
  h4 = this.N;
})();
function b3(i4, n3) {
  l[i4] = n3.bind(null, l[i4] || function() {
  });
}
function y3(i4) {
  if (p4) {
    var n3 = p4;
    p4 = void 0;
    n3();
  }
  p4 = i4 && i4.S();
}
function w4(i4) {
  var n3 = this, r4 = i4.data, t4 = useSignal(r4);
  t4.name = "ReactiveDom";
  t4.value = r4;
  var e4 = T2(function() {
    var i5 = n3, r5 = n3.__v;
    while (r5 = r5.__) if (r5.__c) {
      r5.__c.__$f |= 4;
      break;
    }
    var o4 = O2(function() {
      var i6 = t4.value.value;
      return 0 === i6 ? 0 : true === i6 ? "" : i6 || "";
    }), e6 = O2(function() {
      return !Array.isArray(o4.value) && !t(o4.value);
    }), u6 = x2(function() {
      this.N = M;
      if (e6.value) {
        var n4 = o4.value;
        if (i5.__v && i5.__v.__e && 3 === i5.__v.__e.nodeType) i5.__v.__e.data = n4;
      }
    }), c5 = n3.__$u.d;
    n3.__$u.d = function() {
      u6();
      c5.call(this);
    };
    return [e6, o4];
  }, []), u5 = e4[0], c4 = e4[1];
  return u5.value ? c4.peek() : c4.value;
}
w4.displayName = "ReactiveTextNode";
Object.defineProperties(l3.prototype, { constructor: { configurable: true, value: k(S, null).constructor }, type: { configurable: true, value: w4 }, props: { configurable: true, get: function() {
  var i4 = this;
  return { data: { get value() {
    return i4.value;
  } } };
} }, __b: { configurable: true, value: 1 } });
b3("__b", function(i4, n3) {
  y3();
  d3 = void 0;
  if ("string" == typeof n3.type) {
    var r4, t4 = n3.props;
    for (var f5 in t4) if ("children" !== f5) {
      var o4 = t4[f5];
      if (o4 instanceof l3) {
        if (!r4) n3.__np = r4 = {};
        r4[f5] = o4;
        t4[f5] = o4.peek();
      }
    }
  }
  i4(n3);
});
b3("__r", function(i4, r4) {
  i4(r4);
  if (r4.type !== S) {
    y3();
    var t4, f5 = r4.__c;
    if (f5) {
      f5.__$f &= -2;
      if (void 0 === (t4 = f5.__$u)) f5.__$u = t4 = (function(i5, n3) {
        var r5;
        x2(function() {
          r5 = this;
        }, { name: n3 });
        r5.c = i5;
        return r5;
      })(/* @__PURE__ */ (function(i5) {
        return function() {
          var n3;
          if (m4) null == (n3 = this.y) || n3.call(this);
          i5.__$f |= 1;
          i5.setState({});
        };
      })(f5), "function" == typeof r4.type ? r4.type.displayName || r4.type.name : "");
    }
    d3 = f5;
    y3(t4);
  }
});
b3("__e", function(i4, n3, r4, t4) {
  y3();
  d3 = void 0;
  i4(n3, r4, t4);
});
b3("diffed", function(i4, n3) {
  y3();
  d3 = void 0;
  var r4;
  if ("string" == typeof n3.type && (r4 = n3.__e)) {
    var t4 = n3.__np, f5 = n3.props, o4 = r4.U;
    if (o4) for (var e4 in o4) {
      var u5 = o4[e4];
      if (!(void 0 === u5 || t4 && e4 in t4)) {
        u5.d();
        o4[e4] = void 0;
      }
    }
    if (t4) {
      if (!o4) {
        o4 = {};
        r4.U = o4;
      }
      for (var a4 in t4) {
        var c4 = o4[a4], v4 = t4[a4];
        if (void 0 === c4) {
          c4 = k3(r4, a4, v4, f5);
          o4[a4] = c4;
        } else c4.o(v4, f5);
      }
    }
  }
  i4(n3);
});
function k3(i4, n3, r4, t4) {
  var f5 = n3 in i4 && void 0 === i4.ownerSVGElement, o4 = y2(r4);
  return { o: function(i5, n4) {
    o4.value = i5;
    t4 = n4;
  }, d: x2(function() {
    this.N = M;
    var r5 = o4.value.value;
    if (t4[n3] !== r5) {
      t4[n3] = r5;
      if (f5) i4[n3] = r5;
      else if (null != r5 && (false !== r5 || "-" === n3[4])) i4.setAttribute(n3, r5);
      else i4.removeAttribute(n3);
    }
  }) };
}
b3("unmount", function(i4, n3) {
  if ("string" == typeof n3.type) {
    var r4 = n3.__e;
    if (r4) {
      var t4 = r4.U;
      if (t4) {
        r4.U = void 0;
        for (var f5 in t4) {
          var o4 = t4[f5];
          if (o4) o4.d();
        }
      }
    }
    var e4 = n3.__np;
    if (e4) {
      var u5 = n3.props;
      for (var a4 in e4) u5[a4] = e4[a4];
    }
    n3.__np = void 0;
  } else {
    var c4 = n3.__c;
    if (c4) {
      c4.__$f |= 8;
      var v4 = c4.__$u;
      if (v4) {
        c4.__$u = void 0;
        v4.d();
      }
    }
  }
  i4(n3);
});
b3("__h", function(i4, n3, r4, t4) {
  if (t4 < 3) n3.__$f |= 2;
  i4(n3, r4, t4);
});
C.prototype.shouldComponentUpdate = function(i4, n3) {
  if (this.__R) return true;
  var r4 = this.__$u, t4 = r4 && void 0 !== r4.s;
  for (var f5 in n3) return true;
  if (this.__f || "boolean" == typeof this.u && true === this.u) {
    var o4 = 2 & this.__$f;
    if (!(t4 || o4 || 4 & this.__$f)) return true;
    if (1 & this.__$f) return true;
  } else {
    if (!(t4 || 4 & this.__$f)) return true;
    if (3 & this.__$f) return true;
  }
  for (var e4 in i4) if ("__source" !== e4 && i4[e4] !== this.props[e4]) return true;
  for (var u5 in this.props) if (!(u5 in i4)) return true;
  return false;
};
function useSignal(i4, n3) {
  return T2(function() {
    return y2(i4, n3);
  }, []);
}
var A3 = function(i4) {
  queueMicrotask(function() {
    queueMicrotask(i4);
  });
};
function F() {
  r3(function() {
    var i4;
    while (i4 = g4.shift()) h4.call(i4);
  });
}
function M() {
  if (1 === g4.push(this)) (l.requestAnimationFrame || A3)(F);
}

// glassbox/walk.js
function readingTime(letters, pace = 1) {
  return Math.round(pace * (3e3 + 60 * letters));
}
function nearest(direction, from, boxes) {
  const middle = (r4) => [r4.left + r4.width / 2, r4.top + r4.height / 2], [x3, y4] = middle(from);
  const sign = direction === "Left" || direction === "Up" ? -1 : 1, level = direction === "Left" || direction === "Right";
  let best = null, least = Infinity;
  for (const [name, box] of boxes) {
    const [u5, v4] = middle(box), ahead = sign * (level ? u5 - x3 : v4 - y4), aside = Math.abs(level ? v4 - y4 : u5 - x3);
    if (ahead < 4 || ahead + 3 * aside >= least) continue;
    [best, least] = [name, ahead + 3 * aside];
  }
  return best;
}
function tabKeys(tabs) {
  tabs.addEventListener("keydown", (event) => {
    const all = (
      /** @type {HTMLElement[]} */
      [...tabs.children]
    ), at = all.indexOf(
      /** @type {HTMLElement} */
      document.activeElement
    );
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === void 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const tab = all[(to + all.length) % all.length];
    tab.focus();
    tab.click();
  });
}

// shared/dom.js
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== void 0) node.setAttribute(name, value);
  }
  node.append(...children.filter((c4) => c4 !== null && c4 !== void 0));
  return node;
}
function root(el, name) {
  const node = make("div", { class: `cl-widget ${name}`, "data-lm-suppress-shortcuts": "true" });
  node.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  el.append(node);
  return node;
}
var themes = /* @__PURE__ */ new WeakMap();
function themeOf(node) {
  const known = themes.get(node), now = performance.now();
  if (known && now - known.at < 1e3) return known.theme;
  const theme = readTheme(node);
  themes.set(node, { theme, at: now });
  return theme;
}
function readTheme(node) {
  const style = getComputedStyle(node);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  return {
    paper: read("--cl-paper", "#fff"),
    ink: read("--cl-ink", "#222"),
    quiet: read("--cl-quiet", "#666"),
    faint: read("--cl-faint", "#e4e4e4"),
    accent: read("--cl-accent", "#0072b2"),
    up: read("--cl-up", "#d1219b"),
    down: read("--cl-down", "#7c5ce0"),
    font: style.fontFamily || "sans-serif"
  };
}
function onTheme(f5) {
  const watch = new MutationObserver(() => {
    themes = /* @__PURE__ */ new WeakMap();
    f5();
  });
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => watch.disconnect();
}

// shared/numbers.js
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "no data";
  const text2 = Math.abs(value) >= 1e3 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
  return text2.replace("-", "−");
}
function grouped(value) {
  return Math.round(value).toLocaleString("en");
}
var CIVIDIS = [
  "#00224e",
  "#123570",
  "#3b496c",
  "#575d6d",
  "#707173",
  "#8a8678",
  "#a59c74",
  "#c3b369",
  "#e1cc55",
  "#fee838"
];
var BLUE_ORANGE = ["#0a3d62", "#0072b2", "#6fb1d9", "#c9dfee", "#f4f4f2", "#f8d9be", "#f0a35e", "#d55e00", "#7f3300"];
function ramp(kind) {
  const stops = (kind === "diverging" ? BLUE_ORANGE : CIVIDIS).map(
    (c4) => [1, 3, 5].map((i4) => parseInt(c4.slice(i4, i4 + 2), 16))
  );
  const table = Array.from({ length: 256 }, (_3, i4) => {
    const at = i4 / 255 * (stops.length - 1), a4 = stops[Math.floor(at)], b4 = stops[Math.ceil(at)], t4 = at % 1;
    return `rgb(${a4.map((x3, c4) => Math.round(x3 + (b4[c4] - x3) * t4)).join(",")})`;
  });
  return (value) => Number.isFinite(value) ? table[Math.max(0, Math.min(255, Math.round(value * 255)))] : "transparent";
}

// ../../../node_modules/preact/jsx-runtime/dist/jsxRuntime.module.js
var f4 = 0;
function u4(e4, t4, n3, o4, i4, u5) {
  t4 || (t4 = {});
  var a4, c4, p5 = t4;
  if ("ref" in p5) for (c4 in p5 = {}, t4) "ref" == c4 ? a4 = t4[c4] : p5[c4] = t4[c4];
  var l4 = { type: e4, props: p5, key: n3, ref: a4, __k: null, __: null, __b: 0, __e: null, __c: null, constructor: void 0, __v: --f4, __i: -1, __u: 0, __source: i4, __self: u5 };
  if ("function" == typeof e4 && (a4 = e4.defaultProps)) for (c4 in a4) void 0 === p5[c4] && (p5[c4] = a4[c4]);
  return l.vnode && l.vnode(l4), l4;
}

// shared/genebox.jsx
function geneBox(search, label, shown, hint) {
  const node = document.createElement("span");
  const Box = () => /* @__PURE__ */ u4(GeneBox, { search, label, shown: shown.value, hint });
  R(/* @__PURE__ */ u4(Box, {}), node);
  return { node, close: () => R(null, node) };
}
function GeneBox({ search, label, shown, hint = "name or id" }) {
  const id = g2();
  const input = A2(null);
  const list = A2(null);
  const found2 = search.found.value, at = search.at.value, open = found2.length > 0, problem = search.problem.value;
  h2(() => {
    if (document.activeElement !== input.current) search.text.value = shown;
  }, [shown]);
  h2(() => {
    const box = list.current;
    if (!open && !problem) {
      if (box.matches(":popover-open")) box.hidePopover();
      return void 0;
    }
    const put = () => {
      const place = input.current.getBoundingClientRect();
      const room = window.innerHeight - place.bottom - 8;
      const left = Math.max(4, Math.min(place.left, window.innerWidth - 268));
      Object.assign(box.style, { left: `${left}px`, maxHeight: `${Math.max(80, Math.min(260, room))}px` });
      if (room > 100) Object.assign(box.style, { top: `${place.bottom + 2}px`, bottom: "auto" });
      else
        Object.assign(box.style, {
          top: "auto",
          bottom: `${window.innerHeight - place.top + 2}px`,
          maxHeight: "220px"
        });
    };
    if (!box.matches(":popover-open")) box.showPopover();
    put();
    addEventListener("scroll", put, true);
    addEventListener("resize", put);
    return () => {
      removeEventListener("scroll", put, true);
      removeEventListener("resize", put);
    };
  }, [open, problem]);
  h2(() => {
    if (open) list.current.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at, open]);
  const key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") search.enter();
    else if (event.key === "Escape") search.rest(shown);
    else if (by) search.move(by);
    else return;
    event.preventDefault();
  };
  return /* @__PURE__ */ u4("label", { class: "cl-genebox", children: [
    /* @__PURE__ */ u4("span", { children: label }),
    /* @__PURE__ */ u4(
      "input",
      {
        ref: input,
        type: "search",
        role: "combobox",
        "aria-label": label,
        "aria-expanded": open ? "true" : "false",
        "aria-controls": `${id}-list`,
        "aria-autocomplete": "list",
        "aria-activedescendant": open ? `${id}-${at}` : void 0,
        "aria-invalid": problem ? "true" : void 0,
        placeholder: hint,
        title: search.text.value,
        autocomplete: "off",
        spellcheck: false,
        value: search.text,
        onInput: (e4) => search.type(e4.currentTarget.value),
        onFocus: (e4) => e4.currentTarget.select(),
        onBlur: () => search.rest(shown),
        onKeyDown: key
      }
    ),
    /* @__PURE__ */ u4(
      "div",
      {
        ref: list,
        popover: "manual",
        class: "cl-found",
        id: `${id}-list`,
        role: "listbox",
        "aria-label": `${label}: genes found`,
        children: [
          problem && /* @__PURE__ */ u4("div", { role: "option", "aria-selected": "false", "aria-disabled": "true", class: "cl-none", children: problem }),
          found2.map((gene, i4) => /* @__PURE__ */ u4(
            "div",
            {
              id: `${id}-${i4}`,
              role: "option",
              "aria-selected": i4 === at ? "true" : "false",
              onPointerDown: (e4) => {
                e4.preventDefault();
                search.pick(gene);
              },
              children: [
                /* @__PURE__ */ u4("b", { children: gene.gene_name || gene.gene_id }),
                " ",
                gene.gene_name === gene.gene_id ? "" : gene.gene_id
              ]
            },
            gene.gene_id
          ))
        ]
      }
    )
  ] });
}

// shared/genes.js
var PAUSE = 120;
var GeneSearch = class {
  /**
   * @param {(text: string) => void} ask  Asks for genes; the answer comes through `answered`.
   * @param {(gene: Gene) => void} choose
   * @param {(text: string) => boolean} elsewhere  Whether Enter went to what the text names, which is no gene.
   */
  constructor(ask, choose, elsewhere = () => false) {
    this.ask = ask;
    this.choose = choose;
    this.elsewhere = elsewhere;
    this.text = y2("");
    this.found = y2([]);
    this.at = y2(0);
    this.problem = y2("");
    this.timer = null;
    this.foundFor = null;
    this.waiting = false;
  }
  /** The reader has typed, or came back to the box. */
  type(text2) {
    this.text.value = text2;
    this.problem.value = "";
    this.waiting = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(text2), PAUSE);
  }
  /** Genes found for a text. Those of an older text are not shown. */
  answered(text2, found2) {
    if (text2 !== this.text.value) return;
    this.foundFor = text2;
    this.found.value = found2;
    this.at.value = 0;
    if (this.waiting) this.enter();
  }
  /** Choose the gene of that very name or id, else the one marked; wait where the text is not yet answered. */
  enter() {
    const text2 = this.text.value, plain = text2.trim().toLowerCase();
    clearTimeout(this.timer);
    if (!plain) return;
    if (this.elsewhere(text2.trim())) {
      this.rest("");
      return;
    }
    if (this.foundFor !== text2) {
      this.waiting = true;
      this.ask(text2);
      return;
    }
    this.waiting = false;
    const found2 = this.found.value, moved = this.at.value > 0;
    const exact = found2.find((g5) => [g5.gene_name, g5.gene_id].some((name) => name.toLowerCase() === plain));
    const gene = (moved ? null : exact) || found2[this.at.value];
    if (gene) this.pick(gene);
    else this.problem.value = `No gene has “${text2.trim()}” in its name or id.`;
  }
  pick(gene) {
    this.rest(gene.gene_name || gene.gene_id);
    this.choose(gene);
  }
  /** The list closes; the box says `text`. */
  rest(text2 = this.text.value) {
    clearTimeout(this.timer);
    this.waiting = false;
    this.text.value = text2;
    this.problem.value = "";
    this.found.value = [];
    this.foundFor = null;
  }
  move(by) {
    const n3 = this.found.value.length;
    if (n3) this.at.value = (this.at.value + by + n3) % n3;
  }
};

// glassbox/frame.js
var SIDES = ["before", "after", "difference"];
var PACES = { slow: 1.6, calm: 1, quick: 0.5 };
var frames = 0;
var Frame = class {
  /** @param {any} glass */
  constructor(glass) {
    this.glass = glass;
    this.id = `glass-${++frames}`;
    this.title = make("div", { class: "glass-title" });
    this.search = new GeneSearch(
      (text2) => glass.wire.ask({ kind: "search", text: text2 }),
      (gene) => this.choose(gene.gene_id)
    );
    this.shown = y2("");
    this.genes = geneBox(this.search, "Gene", this.shown);
    this.cells = make("select", {
      "aria-label": "cell type",
      onchange: () => this.choose(glass.about.gene_id, this.cells.value)
    });
    this.finder = make("div", { class: "glass-group" }, this.genes.node, this.cells);
    this.verdict = make("div", { class: "glass-verdict", role: "status" });
    this.tabs = make("div", { class: "glass-tabs", role: "tablist", "aria-label": "bins of" });
    tabKeys(this.tabs);
    this.sides = make("div", { class: "glass-sides", role: "group", "aria-label": "which numbers" });
    this.playButton = this.button("▶ Play", "Step through all boxes (space)", () => glass.play(!glass.timer));
    this.counter = make("span", { class: "cl-quiet glass-counter" });
    this.pace = make(
      "select",
      { "aria-label": "pace of play", title: "Pace of play" },
      ...Object.keys(PACES).map((pace) => make("option", { selected: pace === "calm" }, pace))
    );
    this.all = this.button("Open all", "Open or close all steps", () => glass.openAll());
    this.status = make("div", { class: "cl-error", role: "alert" });
    this.node = make(
      "div",
      { class: "glass-frame" },
      make("div", { class: "glass-top" }, this.title, this.finder, this.verdict),
      make(
        "div",
        { class: "glass-bar" },
        make("span", { class: "cl-quiet" }, "bins of"),
        this.tabs,
        this.sides,
        make("span", { class: "glass-space" }),
        this.all,
        make(
          "span",
          { class: "glass-group" },
          this.button("◀", "Previous box (←)", () => glass.walk(-1), "previous box"),
          this.playButton,
          this.button("▶", "Next box (→)", () => glass.walk(1), "next box"),
          this.pace,
          this.counter
        )
      ),
      this.status
    );
  }
  button(text2, title, onclick, label = null) {
    return make("button", { type: "button", title, onclick, "aria-label": label }, text2);
  }
  choose(gene, cell = "") {
    this.glass.wire.ask({ kind: "choose", gene, cell_type: cell });
  }
  /** How many times longer than calm a box is shown. */
  get slowness() {
    return PACES[this.pace.value];
  }
  /** Say what holds now. */
  update(about, view) {
    const where = [about.origin, about.cell, `${about.chrom}:${grouped(about.start)}-${grouped(about.end)}`];
    where.push(about.strand === "-" ? "minus strand, bins flipped" : "plus strand");
    if (about.follows) where.push(about.edits ? `follows the lab: ${edits(about.edits)}` : "follows the lab: no edits");
    this.title.replaceChildren(
      make("h2", {}, about.gene),
      make("span", { class: "cl-quiet" }, where.filter(Boolean).join(" · "))
    );
    this.shown.value = about.gene;
    this.finder.classList.toggle("cl-hidden", !about.many);
    this.cells.classList.toggle("cl-hidden", about.cells.length < 2);
    this.cells.replaceChildren(...about.cells.map((cell) => make("option", { selected: cell === about.cell }, cell)));
    this.verdict.replaceChildren(...verdict(about));
    this.tabs.replaceChildren(
      ...about.resolutions.map((r4) => {
        const chosen = r4 === view.resolution, id = `${this.id}-${r4}`;
        const tab = this.button(`${grouped(r4)} bp`, `Bins of ${r4} bp`, () => this.glass.choose({ resolution: r4 }));
        for (const [name, value] of Object.entries({
          id,
          role: "tab",
          "aria-selected": String(chosen),
          "aria-controls": `${this.id}-map`,
          tabindex: chosen ? "0" : "-1",
          "data-resolution": r4
        }))
          tab.setAttribute(name, String(value));
        return tab;
      })
    );
    this.sides.classList.toggle("cl-hidden", !about.edited);
    this.sides.replaceChildren(
      ...SIDES.map((side) => {
        const button = this.button(side, `Show all numbers ${side}`, () => this.glass.choose({ side }));
        button.setAttribute("aria-pressed", String(side === view.side));
        return button;
      })
    );
  }
};
var edits = (n3) => n3 === 1 ? "1 edit" : `${n3} edits`;
function verdict(about) {
  const percent = about.task === "classification", said = (of) => percent ? `${(100 * of.probability).toFixed(1)} %` : short(of.output[0]);
  const unit = percent ? "predicted: at or above the median" : "predicted: log2(expression + 1)";
  const level = about.label < 0 ? "" : about.label ? "at or above it, " : "below it, ";
  const was = about.measured === null ? "not measured" : `measured: ${percent ? level : ""}log2(expression + 1) = ${short(about.measured)}`;
  return [
    about.edited ? make("span", { class: "glass-was", title: "before the edits" }, `${said(about.before)} →`) : "",
    make("b", {}, said(about)),
    make("span", {}, unit, make("br"), make("span", { class: "cl-quiet" }, was))
  ];
}

// ../../../node_modules/d3-array/src/ticks.js
var e10 = Math.sqrt(50);
var e5 = Math.sqrt(10);
var e22 = Math.sqrt(2);
function tickSpec(start, stop, count) {
  const step = (stop - start) / Math.max(0, count), power = Math.floor(Math.log10(step)), error = step / Math.pow(10, power), factor = error >= e10 ? 10 : error >= e5 ? 5 : error >= e22 ? 2 : 1;
  let i1, i22, inc;
  if (power < 0) {
    inc = Math.pow(10, -power) / factor;
    i1 = Math.round(start * inc);
    i22 = Math.round(stop * inc);
    if (i1 / inc < start) ++i1;
    if (i22 / inc > stop) --i22;
    inc = -inc;
  } else {
    inc = Math.pow(10, power) * factor;
    i1 = Math.round(start / inc);
    i22 = Math.round(stop / inc);
    if (i1 * inc < start) ++i1;
    if (i22 * inc > stop) --i22;
  }
  if (i22 < i1 && 0.5 <= count && count < 2) return tickSpec(start, stop, count * 2);
  return [i1, i22, inc];
}
function ticks(start, stop, count) {
  stop = +stop, start = +start, count = +count;
  if (!(count > 0)) return [];
  if (start === stop) return [start];
  const reverse = stop < start, [i1, i22, inc] = reverse ? tickSpec(stop, start, count) : tickSpec(start, stop, count);
  if (!(i22 >= i1)) return [];
  const n3 = i22 - i1 + 1, ticks2 = new Array(n3);
  if (reverse) {
    if (inc < 0) for (let i4 = 0; i4 < n3; ++i4) ticks2[i4] = (i22 - i4) / -inc;
    else for (let i4 = 0; i4 < n3; ++i4) ticks2[i4] = (i22 - i4) * inc;
  } else {
    if (inc < 0) for (let i4 = 0; i4 < n3; ++i4) ticks2[i4] = (i1 + i4) / -inc;
    else for (let i4 = 0; i4 < n3; ++i4) ticks2[i4] = (i1 + i4) * inc;
  }
  return ticks2;
}

// glassbox/plan.js
function byteRamp(kind) {
  const colour = ramp(kind);
  return Array.from(
    { length: 256 },
    (_3, i4) => colour(i4 / 255).match(/\d+/g).map(Number)
  );
}
var GLASS_BYTES = { sequential: byteRamp("sequential"), diverging: byteRamp("diverging") };
function numbersOf(view, dtype) {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return dtype === "float64" ? new Float64Array(bytes) : new Float32Array(bytes);
}
function scaleOf(values) {
  let low = Infinity, high = -Infinity;
  for (const v4 of values) {
    if (v4 < low) low = v4;
    if (v4 > high) high = v4;
  }
  if (low > high) [low, high] = [0, 0];
  const signed2 = low < 0, top = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return {
    signed: signed2,
    low,
    high,
    top,
    kind: signed2 ? "diverging" : "sequential",
    level: signed2 ? (v4) => 0.5 + 0.5 * v4 / top : (v4) => v4 / top
  };
}
function planOf(part2) {
  const axes = part2.axes, size = Object.fromEntries(axes.map((a4, i4) => [a4, part2.shape[i4]]));
  const stride = {};
  axes.reduceRight((step, a4) => (stride[a4] = step, step * size[a4]), 1);
  const plan = (style, columns, rows, panels = null, perRow = 1) => ({
    style,
    columns,
    rows,
    panels,
    perRow,
    size,
    n: panels ? size[panels] : 1,
    nRows: rows ? size[rows] : 1,
    nColumns: size[columns],
    at: (at) => axes.reduce((sum, a4) => sum + stride[a4] * at[a4], 0)
  });
  const rest = axes.filter((a4) => a4 !== "bin");
  if (rest.length < axes.length) {
    if (rest.length === 1) return plan(["width", "number"].includes(rest[0]) ? "heat" : "area", "bin", rest[0]);
    return plan("heat", "bin", rest[1], rest[0]);
  }
  if (axes.length === 3) return plan("heat", axes[2], axes[1], axes[0], 4);
  if (axes.length === 2) return plan("heat", axes[1], axes[0]);
  return plan("bars", axes[0], null);
}
var GLASS_ONE = {
  bin: "bin",
  mark: "mark",
  head: "head",
  token: "token",
  width: "number",
  "head width": "number",
  "heads' width": "number",
  "resolutions' width": "number",
  hidden: "number",
  asking: "asking",
  resolution: "resolution",
  class: "class",
  output: "output",
  out: "row",
  in: "column",
  edge: "edge",
  part: "part",
  number: "number",
  numbers: "number",
  ln: "logarithm"
};
var GLASS_MANY = {
  bin: "bins",
  mark: "marks",
  head: "heads",
  token: "tokens",
  width: "wide",
  "head width": "per head",
  "heads' width": "wide",
  "resolutions' width": "wide",
  hidden: "hidden",
  asking: "asking",
  resolution: "resolutions",
  class: "classes",
  output: "outputs",
  out: "out",
  in: "in",
  edge: "edges",
  part: "parts",
  number: "numbers",
  numbers: "wide",
  ln: "logarithms"
};
var PARTS = ["upstream", "exon", "intron", "inside", "downstream"];
function shapeInWords(shape, axes) {
  return shape.map((n3, i4) => `${n3} ${n3 === 1 ? GLASS_ONE[axes[i4]] : GLASS_MANY[axes[i4]] || axes[i4]}`).join(" × ");
}
function nameOf(axis, i4, about) {
  if (axis === "mark") return about.marks[i4].name;
  if (axis === "token" || axis === "asking") return i4 === 0 ? "promoter" : `pCRE ${i4}`;
  if (axis === "resolution") return `${grouped(about.resolutions[i4])} bp`;
  if (axis === "edge") return ["start", "end"][i4];
  if (axis === "part") return PARTS[i4];
  if (axis === "ln") return "ln bases";
  if (axis === "class") return ["below median", "at or above"][i4];
  if (axis === "output") return about.task === "classification" ? `logit ${i4}` : "log2(expression + 1)";
  if (axis === "head") return `head ${i4 + 1}`;
  return `${GLASS_ONE[axis] || axis} ${i4}`;
}
function genomeOf(place, bins, resolution, about, pcre) {
  const minus = about.strand === "-", own = about.pcres[pcre];
  if (place === "pcre") return own ? elementOf(own, bins, resolution) : null;
  if (place === "gene") return wholeOf(about);
  const along = place === "chromosome" || !minus;
  const genome = {
    title: along && minus ? "kb from the TSS (the gene runs to the left)" : "kb from the TSS, 5′ to 3′ of the gene",
    first: 0,
    count: bins,
    tss: bins / 2,
    chrom: about.chrom,
    start: about.start,
    end: about.end,
    direction: minus && along ? -1 : 1,
    kb: (i4) => (i4 - bins / 2) * resolution * (minus && along ? -1 : 1) / 1e3,
    bases: (i4) => along ? [about.start + i4 * resolution, about.start + (i4 + 1) * resolution] : [about.end - (i4 + 1) * resolution, about.end - i4 * resolution],
    said: (i4) => [`${signed(genome.kb(i4 + 0.5))} kb from the TSS`, spanOf(about.chrom, ...genome.bases(i4))]
  };
  return genome;
}
function wholeOf(about) {
  const { kb, places, exon, tss } = about.bins, last = kb.length - 1;
  return {
    title: "kb from the TSS, 5′ to 3′ of the gene; every bin is drawn equally wide",
    first: 0,
    count: kb.length,
    tss,
    chrom: about.chrom,
    start: Math.min(places[0][0], places[last][0]),
    end: Math.max(places[0][1], places[last][1]),
    direction: 1,
    uneven: true,
    kb: (i4) => i4 > last ? kb[last][1] : kb[i4][0],
    bases: (i4) => places[i4],
    share: (i4) => kb[i4][1] - kb[i4][0],
    exon: (i4) => exon[i4],
    said: (i4) => [
      `${signed(kb[i4][0])} to ${signed(kb[i4][1])} kb from the TSS`,
      ...exon[i4] ? [`${Math.round(100 * exon[i4])} % exon`] : [],
      spanOf(about.chrom, ...places[i4])
    ]
  };
}
function elementOf(own, bins, resolution) {
  const count = Math.ceil((own.end - own.start) / resolution), first = Math.ceil((bins - count) / 2);
  const genome = {
    title: "kb from the element's start",
    first,
    count,
    chrom: own.chrom,
    start: own.start,
    end: own.end,
    direction: 1,
    kb: (i4) => (i4 - first) * resolution / 1e3,
    bases: (i4) => i4 < first || i4 >= first + count ? null : [own.start + (i4 - first) * resolution, Math.min(own.end, own.start + (i4 - first + 1) * resolution)],
    said: (i4) => {
      const bases = genome.bases(i4);
      return bases ? [`${short(genome.kb(i4))} kb from its start`, spanOf(own.chrom, ...bases)] : ["padding: no place"];
    }
  };
  return genome;
}
var signed = (kb) => (kb > 0 ? "+" : "") + short(kb);
var spanOf = (chrom, start, end) => `${chrom}:${grouped(start)}-${grouped(end)}`;
function axisOf(box, bins, genome) {
  const x3 = (i4) => box.x + i4 * box.w / bins, [a4, b4] = [genome.first, genome.first + genome.count];
  const [low, high] = [genome.kb(a4), genome.kb(b4)].sort((p5, q2) => p5 - q2);
  const span = spanOf(genome.chrom, genome.start, genome.end);
  if (genome.uneven) {
    const step = Math.max(1, Math.ceil(55 / (box.w / bins))), ticks3 = [];
    for (let i4 = genome.tss % step; i4 <= bins; i4 += step) ticks3.push({ x: x3(i4), text: signed(genome.kb(i4)) });
    return { from: x3(a4), to: x3(b4), ticks: ticks3, span };
  }
  const at = (kb) => x3(a4 + (kb - genome.kb(a4)) / (genome.kb(b4) - genome.kb(a4)) * (b4 - a4));
  const ticks2 = ticks(low, high, Math.max(1, Math.min(8, (x3(b4) - x3(a4)) / 55)));
  return {
    from: x3(a4),
    to: x3(b4),
    ticks: ticks2.map((kb) => ({ x: at(kb), text: genome.tss === void 0 ? short(kb) : signed(kb) })).sort((p5, q2) => p5.x - q2.x),
    span
  };
}
function drawGenomeAxis(ctx, box, bins, genome, theme) {
  const axis = axisOf(box, bins, genome), y4 = box.y + box.h;
  Object.assign(ctx, {
    strokeStyle: theme.quiet,
    fillStyle: theme.ink,
    lineWidth: 1,
    textBaseline: "top",
    font: `11px ${theme.font}`,
    textAlign: "center"
  });
  ctx.beginPath();
  ctx.moveTo(axis.from, y4 + 0.5);
  ctx.lineTo(axis.to, y4 + 0.5);
  let taken = -Infinity;
  for (const tick of axis.ticks) {
    const half = ctx.measureText(tick.text).width / 2, middle = Math.max(box.x + half, Math.min(box.x + box.w - half, tick.x));
    ctx.moveTo(Math.round(tick.x) + 0.5, y4);
    ctx.lineTo(Math.round(tick.x) + 0.5, y4 + 4);
    if (middle - half < taken + 6) continue;
    ctx.fillText(tick.text, middle, y4 + 6);
    taken = middle + half;
  }
  ctx.stroke();
  ctx.fillStyle = theme.quiet;
  for (const [line, text2] of [genome.title, axis.span].entries()) {
    const half = Math.min(box.w, ctx.measureText(text2).width) / 2, middle = Math.max(box.x + half, Math.min(box.x + box.w - half, (axis.from + axis.to) / 2));
    ctx.fillText(text2, middle, y4 + 20 + 14 * line, box.w);
  }
}
var GENOME_AXIS = 50;
var EXONS = 14;
function drawExons(ctx, box, genome, bins, theme) {
  const y4 = box.y - 18, w5 = box.w / bins;
  const inside = [...Array(bins).keys()].filter((i4) => genome.exon(i4) > 0);
  if (!inside.length) return;
  Object.assign(ctx, { fillStyle: theme.ink, font: `11px ${theme.font}`, textAlign: "right", textBaseline: "middle" });
  if (box.x > 40) ctx.fillText("exons", box.x - 6, y4);
  ctx.fillRect(box.x + genome.tss * w5, y4 - 0.5, (inside.at(-1) + 1 - genome.tss) * w5, 1);
  for (const i4 of inside) {
    const tall = 2 + 8 * genome.exon(i4);
    ctx.fillRect(box.x + i4 * w5, y4 - tall / 2, Math.max(1, w5), tall);
  }
}
function drawTss(ctx, box, genome, bins, theme) {
  if (genome.tss === void 0) return;
  const x3 = Math.round(box.x + genome.tss * box.w / bins) + 0.5, d4 = genome.direction * 12;
  Object.assign(ctx, { strokeStyle: theme.ink, fillStyle: theme.ink, lineWidth: 1.5 });
  ctx.beginPath();
  ctx.moveTo(x3, box.y);
  ctx.lineTo(x3, box.y - 7);
  ctx.lineTo(x3 + d4, box.y - 7);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x3 + d4 + Math.sign(d4) * 6, box.y - 7);
  ctx.lineTo(x3 + d4, box.y - 10.5);
  ctx.lineTo(x3 + d4, box.y - 3.5);
  ctx.fill();
  ctx.setLineDash([2, 3]);
  Object.assign(ctx, { lineWidth: 1, strokeStyle: theme.ink });
  ctx.globalAlpha = 0.55;
  ctx.beginPath();
  ctx.moveTo(x3, box.y);
  ctx.lineTo(x3, box.y + box.h);
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}
function subscripts(text2) {
  return text2.split(/_(\w)/).map((part2, i4) => i4 % 2 ? make("sub", {}, part2) : part2);
}

// shared/drawing.js
function drawArea(ctx, box, values, top, colour, edges = (i4) => box.x + i4 * box.w / values.length) {
  const y4 = (v4) => box.y + box.h - Math.min(v4 / top, 1) * box.h;
  ctx.beginPath();
  for (let i4 = 0, open = false; i4 <= values.length; i4++) {
    const v4 = values[i4];
    if (i4 === values.length || !Number.isFinite(v4)) {
      if (open) ctx.lineTo(edges(i4), box.y + box.h);
      open = false;
      continue;
    }
    if (!open) ctx.moveTo(edges(i4), box.y + box.h);
    open = true;
    ctx.lineTo(edges(i4), y4(v4));
    ctx.lineTo(edges(i4 + 1), y4(v4));
  }
  ctx.fillStyle = colour;
  ctx.fill();
}
function drawSteps(ctx, box, values, top, colour, { edges, where = () => true, dash = [], width = 1.2 } = {}) {
  const at = edges || ((i4) => box.x + i4 * box.w / values.length);
  const y4 = (v4) => box.y + box.h - Math.min(v4 / top, 1) * box.h;
  ctx.beginPath();
  for (let i4 = 0, open = false; i4 < values.length; i4++) {
    const shown = where(i4) && Number.isFinite(values[i4]);
    if (shown) {
      if (open) ctx.lineTo(at(i4), y4(values[i4]));
      else ctx.moveTo(at(i4), y4(values[i4]));
      ctx.lineTo(at(i4 + 1), y4(values[i4]));
    }
    open = shown;
  }
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}
function drawHatch(ctx, box, colour, gap = 5) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.w, box.h);
  ctx.clip();
  ctx.beginPath();
  for (let x3 = Math.floor((box.x - box.h) / gap) * gap; x3 < box.x + box.w; x3 += gap) {
    ctx.moveTo(x3, box.y + box.h);
    ctx.lineTo(x3 + box.h, box.y);
  }
  Object.assign(ctx, { strokeStyle: colour, lineWidth: 0.8 });
  ctx.stroke();
  ctx.restore();
}

// glassbox/draw.js
function drawPart(part2, ctx) {
  const { plan, genome, about } = part2, theme = themeOf(part2.holder);
  part2.boxes.forEach((box, p5) => {
    const fixed = plan.panels ? { [plan.panels]: p5 } : {};
    ctx.font = `11px ${theme.font}`;
    if (plan.n > 1) text(ctx, nameOf(plan.panels, p5, about), box.x, box.y - 3, theme.quiet, "left", "bottom");
    if (plan.style === "area") area(part2, ctx, box, theme);
    else if (plan.style === "bars") bars(part2, ctx, box, theme);
    else heat(part2, ctx, box, fixed, theme, p5);
    if (plan.columns === "bin") hatch(part2, ctx, box, theme);
    if (plan.rows === "token" || plan.rows === "resolution" || plan.rows === "head") rowNames(part2, ctx, box, theme);
    if (plan.columns === "token" && plan.n > 1) tokenNumbers(part2, ctx, box, theme);
    if (genome && p5 === plan.n - 1) drawGenomeAxis(ctx, box, plan.nColumns, genome, theme);
    if (genome?.uneven && p5 === 0) drawExons(ctx, box, genome, plan.nColumns, theme);
    if (genome) drawTss(ctx, box, genome, plan.nColumns, theme);
    outline(part2, ctx, box, fixed, theme);
  });
  if (plan.style === "heat" || plan.style === "bars" && plan.nColumns > 10) legend(part2, ctx, theme);
}
function text(ctx, text2, x3, y4, colour, align = "left", baseline = "middle", room = void 0) {
  Object.assign(ctx, { fillStyle: colour, textAlign: align, textBaseline: baseline });
  ctx.fillText(text2, x3, y4, room);
}
function area(part2, ctx, box, theme) {
  const { plan, values, about, genome } = part2, h5 = box.h / plan.nRows, T4 = plan.nColumns;
  const size = (i4) => part2.hidden(i4) ? 0 : genome?.uneven ? genome.share(i4) : 1, sizes = Array.from({ length: T4 }, (_3, i4) => size(i4)), all = sizes.reduce((sum, s4) => sum + s4, 0);
  for (let row = 0; row < plan.nRows; row++) {
    const line = Float64Array.from({ length: T4 }, (_3, i4) => values[plan.at({ [plan.rows]: row, [plan.columns]: i4 })]);
    const y4 = box.y + row * h5 + 3, tall = h5 - 5;
    const isMark = plan.rows === "mark", colour = isMark ? about.marks[row].colour : theme.down;
    const own = scaleOf(line), shown = line.map((v4, i4) => part2.hidden(i4) ? NaN : v4);
    const high = Math.max(own.high, 0), share = own.signed ? high / (high - own.low) : 1;
    const zero = { x: box.x, y: y4, w: box.w, h: tall * share }, below = { x: box.x, y: y4 + tall, w: box.w, h: tall * (share - 1) };
    const top = high || 1, cut = (sign) => shown.map((v4) => Number.isNaN(v4) ? NaN : Math.max(sign * v4, 0));
    if (zero.h > 0) drawArea(ctx, zero, cut(1), top, own.signed ? theme.up : colour);
    if (own.signed) drawArea(ctx, below, cut(-1), -own.low, theme.down);
    ctx.fillStyle = theme.faint;
    ctx.fillRect(box.x, Math.round(zero.y + zero.h), box.w, 1);
    if (part2.part.name.endsWith("weights") && own.high > 0 && part2.side !== "difference")
      uniform(
        ctx,
        zero,
        sizes.map((s4) => s4 / all),
        top,
        theme,
        row
      );
    ctx.font = `11px ${theme.font}`;
    if (isMark) {
      ctx.fillStyle = colour;
      ctx.fillRect(0, y4 + tall / 2 - 4, 8, 8);
    }
    text(
      ctx,
      nameOf(plan.rows, row, about),
      isMark ? 12 : 0,
      y4 + tall / 2 - (isMark ? 0 : 7),
      theme.ink,
      "left",
      "middle",
      60
    );
    if (!isMark)
      text(
        ctx,
        `${own.signed ? `${short(own.low)} to ` : "max "}${short(own.high)}`,
        0,
        y4 + tall / 2 + 8,
        theme.quiet,
        "left",
        "middle",
        80
      );
    else {
      Object.assign(ctx, { strokeStyle: theme.paper, lineWidth: 3, textAlign: "right", textBaseline: "middle" });
      ctx.strokeText(short(own.high, 2), box.x + box.w - 2, y4 + 5);
      text(ctx, short(own.high, 2), box.x + box.w - 2, y4 + 5, theme.ink, "right");
    }
  }
}
function uniform(ctx, zero, shares, top, theme, row) {
  drawSteps(ctx, zero, shares, top, theme.ink, { dash: [4, 3], width: 1 });
  if (row === 0) text(ctx, "dashed: all alike", zero.x + zero.w - 2, zero.y + 6, theme.quiet, "right");
}
function bars(part2, ctx, box, theme) {
  const { plan, scale, values, about } = part2, n3 = plan.nColumns;
  if (n3 <= 10) {
    const from = part2.part.role === "weight" ? 56 : 130, room2 = box.w - from - 70, zero2 = scale.signed ? from + room2 / 2 : from;
    values.forEach((v4, i4) => {
      const y4 = box.y + i4 * 20, long = (scale.signed ? room2 / 2 : room2) * v4 / scale.top;
      text(ctx, nameOf(plan.columns, i4, about), box.x, y4 + 10, theme.ink, "left", "middle", from - 8);
      ctx.fillStyle = v4 < 0 ? theme.down : theme.up;
      if (part2.hidden(i4)) drawHatch(ctx, { x: from, y: y4 + 3, w: room2, h: 14 }, theme.quiet);
      else {
        ctx.fillRect(Math.min(zero2, zero2 + long), y4 + 3, Math.max(1, Math.abs(long)), 14);
        text(ctx, short(v4, 4), Math.max(zero2, zero2 + long) + 5, y4 + 10, theme.ink);
      }
    });
    return;
  }
  const w5 = box.w / n3, room = scale.high - Math.min(scale.low, 0) || 1, zero = box.y + box.h * Math.max(scale.high, 0) / room;
  values.forEach((v4, i4) => {
    ctx.fillStyle = v4 < 0 ? theme.down : theme.up;
    const long = box.h * v4 / room;
    ctx.fillRect(box.x + i4 * w5, Math.min(zero, zero - long), Math.max(w5 - (w5 > 3 ? 1 : 0), 0.7), Math.abs(long));
  });
  ctx.fillStyle = theme.quiet;
  ctx.fillRect(box.x, Math.round(zero), box.w, 1);
}
function heat(part2, ctx, box, fixed, theme, p5) {
  const { plan } = part2;
  part2.picture = part2.picture || [];
  if (!part2.picture[p5]) part2.picture[p5] = pixels(part2, fixed);
  const small = part2.picture[p5].width > box.w * (window.devicePixelRatio || 1) || part2.picture[p5].height > box.h;
  ctx.imageSmoothingEnabled = small;
  ctx.drawImage(part2.picture[p5], box.x, box.y, box.w, box.h);
  if (plan.columns === "token" || plan.rows === "token") hatchTokens(part2, ctx, box, theme, plan.columns === "token");
  if (plan.rows === "asking") hatchTokens(part2, ctx, box, theme, false);
  Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 1 });
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
  if (plan.rows === "asking") {
    Object.assign(ctx, { strokeStyle: theme.ink, lineWidth: 1.5 });
    ctx.strokeRect(box.x, box.y, box.w, box.h / plan.nRows);
  }
}
function pixels(part2, fixed) {
  const { plan, scale, values } = part2, bytes = GLASS_BYTES[scale.kind];
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: plan.nColumns, height: plan.nRows });
  const ctx = canvas.getContext("2d"), image = ctx.createImageData(plan.nColumns, plan.nRows), at = { ...fixed };
  for (let r4 = 0, to = 0; r4 < plan.nRows; r4++) {
    if (plan.rows) at[plan.rows] = r4;
    for (let c4 = 0; c4 < plan.nColumns; c4++, to += 4) {
      at[plan.columns] = c4;
      const v4 = values[plan.at(at)];
      if (Number.isNaN(v4)) continue;
      const rgb = bytes[Math.max(0, Math.min(255, Math.round(scale.level(v4) * 255)))];
      image.data[to] = rgb[0];
      image.data[to + 1] = rgb[1];
      image.data[to + 2] = rgb[2];
      image.data[to + 3] = 255;
    }
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}
function hatch(part2, ctx, box, theme) {
  const w5 = box.w / part2.plan.nColumns;
  for (let i4 = 0; i4 < part2.plan.nColumns; i4++) {
    if (!part2.hidden(i4)) continue;
    let end = i4;
    while (end < part2.plan.nColumns && part2.hidden(end)) end++;
    const here = { x: box.x + i4 * w5, y: box.y, w: (end - i4) * w5, h: box.h };
    ctx.fillStyle = theme.paper;
    ctx.fillRect(here.x, here.y, here.w, here.h);
    drawHatch(ctx, here, theme.quiet);
    if (here.w > 90 && part2.part.place === "pcre") {
      ctx.font = `11px ${theme.font}`;
      ctx.fillStyle = theme.paper;
      ctx.fillRect(here.x + here.w / 2 - 30, here.y + here.h / 2 - 8, 60, 16);
      text(ctx, "padding", here.x + here.w / 2, here.y + here.h / 2, theme.quiet, "center");
    }
    i4 = end;
  }
}
function hatchTokens(part2, ctx, box, theme, columns) {
  const n3 = columns ? part2.plan.nColumns : part2.plan.nRows;
  for (let i4 = 0; i4 < n3; i4++) {
    if (!part2.hidden(i4)) continue;
    let end = i4;
    while (end < n3 && part2.hidden(end)) end++;
    const [from, long] = [i4 / n3, (end - i4) / n3];
    const here = columns ? { x: box.x + from * box.w, y: box.y, w: long * box.w, h: box.h } : { x: box.x, y: box.y + from * box.h, w: box.w, h: long * box.h };
    ctx.fillStyle = theme.paper;
    ctx.fillRect(here.x, here.y, here.w, here.h);
    drawHatch(ctx, here, theme.quiet);
    i4 = end;
  }
}
function tokenNumbers(part2, ctx, box, theme) {
  const n3 = part2.plan.nColumns, w5 = box.w / n3;
  ctx.font = `${Math.min(10, Math.max(7, w5))}px ${theme.font}`;
  if (w5 < 6) return;
  for (let i4 = 0; i4 < n3; i4++)
    text(ctx, i4 ? String(i4) : "P", box.x + (i4 + 0.5) * w5, box.y + box.h + 7, theme.quiet, "center");
}
function rowNames(part2, ctx, box, theme) {
  const { plan, about } = part2, h5 = box.h / plan.nRows;
  if (plan.n > 1 || plan.style !== "heat") return;
  ctx.font = `11px ${theme.font}`;
  for (let r4 = 0; r4 < plan.nRows; r4++) {
    text(
      ctx,
      nameOf(plan.rows, r4, about),
      0,
      box.y + (r4 + 0.5) * h5,
      part2.hidden(r4) ? theme.quiet : theme.ink,
      "left",
      "middle",
      70
    );
  }
}
function legend(part2, ctx, theme) {
  const { scale } = part2, y4 = part2.sheet.canvas.clientHeight - 12;
  if (part2.genome) return part2.sideLegend();
  ctx.font = `10px ${theme.font}`;
  if (part2.plan.style === "bars")
    return text(ctx, `from ${short(scale.low)} to ${short(scale.high)}`, part2.boxes[0].x, y4 + 4, theme.quiet);
  const [low, high] = scale.signed ? [-scale.top, scale.top] : [0, scale.top], from = part2.boxes[0].x;
  const start = from + ctx.measureText(short(low)).width + 5;
  text(ctx, short(low), from, y4 + 4, theme.quiet);
  for (let i4 = 0; i4 < 60; i4++) {
    ctx.fillStyle = `rgb(${GLASS_BYTES[scale.kind][Math.round(i4 / 59 * 255)].join(",")})`;
    ctx.fillRect(start + i4, y4, 1.5, 8);
  }
  text(ctx, short(high), start + 66, y4 + 4, theme.quiet);
}
function outline(part2, ctx, box, fixed, theme) {
  const { plan } = part2, at = part2.focus || part2.link, own = part2.focus !== null;
  if (plan.panels && at[plan.panels] !== void 0 && at[plan.panels] !== fixed[plan.panels]) return;
  const [c4, r4] = [at[plan.columns], plan.rows ? at[plan.rows] : void 0];
  if (c4 === void 0 && r4 === void 0) return;
  const lying = plan.style === "bars" && plan.nColumns <= 10, w5 = box.w / plan.nColumns, h5 = box.h / plan.nRows;
  let here = {
    x: c4 === void 0 ? box.x : box.x + c4 * w5,
    w: c4 === void 0 ? box.w : w5,
    y: r4 === void 0 ? box.y : box.y + r4 * h5,
    h: r4 === void 0 ? box.h : h5
  };
  if (lying) here = { x: box.x, w: box.w, y: box.y + c4 * box.h / plan.nColumns, h: box.h / plan.nColumns };
  if (here.w < 3) here = { ...here, x: here.x + here.w / 2 - 1.5, w: 3 };
  if (here.h < 3) here = { ...here, y: here.y + here.h / 2 - 1.5, h: 3 };
  Object.assign(ctx, { strokeStyle: "#fff", lineWidth: 3 });
  ctx.strokeRect(here.x - 0.5, here.y - 0.5, here.w + 1, here.h + 1);
  Object.assign(ctx, { strokeStyle: own ? "#111" : theme.accent, lineWidth: 1.5 });
  ctx.strokeRect(here.x - 0.5, here.y - 0.5, here.w + 1, here.h + 1);
}

// shared/sheet.js
var Sheet = class {
  constructor(parent2, height, draw, attributes = {}) {
    this.canvas = make("canvas", { class: "cl-sheet", ...attributes });
    this.parent = parent2;
    this.height = height;
    this.draw = draw;
    this.frame = 0;
    this.width = 0;
    this.part = null;
    parent2.append(this.canvas);
    this.watch = new ResizeObserver(([entry]) => {
      this.width = Math.floor(entry.contentRect.width);
      this.now();
    });
    this.watch.observe(parent2);
  }
  redraw(part2 = null) {
    if (!this.frame) {
      this.part = part2;
      this.frame = requestAnimationFrame(() => this.now(this.part));
    } else if (!part2 || !this.part || part2.y !== this.part.y) this.part = null;
  }
  now(part2 = null) {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { width } = this;
    if (width <= 0) return;
    const ratio = window.devicePixelRatio || 1;
    const height = typeof this.height === "function" ? this.height(width) : this.height;
    const [w5, h5] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w5 || this.canvas.height !== h5) {
      Object.assign(this.canvas, { width: w5, height: h5 });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
      part2 = null;
    }
    const ctx = this.canvas.getContext("2d"), box = part2 || { x: 0, y: 0, w: width, h: height };
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.w, box.h);
    ctx.clip();
    ctx.clearRect(box.x, box.y, box.w, box.h);
    this.draw(ctx, width, height, part2);
    ctx.restore();
  }
  close() {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.canvas.width = this.canvas.height = 0;
    this.canvas.remove();
  }
};
function pointOn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

// glassbox/parts.js
var change = (value) => (value > 0 ? "+" : "") + short(value, 4);
var Part = class {
  /**
   * @param {HTMLElement} parent
   * @param {any} part
   * @param {{after: any, before?: any, difference?: any}} sides  Its numbers: as the gene stands, and with edits before
   *   them and the difference.
   * @param {any} about
   * @param {{resolution: number, pcre: number, side: string, onHover: (part: Part, at: any) => void}} more
   */
  constructor(parent2, part2, sides, about, { resolution, pcre, side, onHover }) {
    this.part = part2;
    this.sides = sides;
    this.about = about;
    this.onHover = onHover;
    this.link = {};
    this.boxes = [];
    this.focus = null;
    this.plan = planOf(part2);
    this.genome = this.plan.columns === "bin" && part2.place ? genomeOf(part2.place, this.plan.nColumns, resolution, about, pcre) : null;
    this.read = make("div", { class: "glass-read", "aria-live": "off" });
    this.holder = make("div", { class: "glass-canvas" });
    const symbol = make("b", {}, ...part2.role === "weight" ? subscripts(part2.label) : [part2.label]), role = part2.role === "weight" ? "weights " : "";
    parent2.append(
      make(
        "div",
        { class: `glass-part glass-${part2.role}` },
        make(
          "div",
          { class: "glass-caption" },
          role,
          symbol,
          make("span", { class: "glass-shape" }, shapeInWords(part2.shape, part2.axes)),
          make(
            "span",
            { class: "glass-name" },
            ...part2.name.split(".").flatMap((word, i4) => i4 ? [".", make("wbr"), word] : [word])
          )
        ),
        this.holder,
        this.read
      )
    );
    this.picture = null;
    this.sheet = new Sheet(
      this.holder,
      (w5) => this.layout(w5),
      (ctx) => drawPart(this, ctx),
      {
        role: "application",
        // arrow keys walk over the numbers
        tabindex: "0",
        "aria-label": `${part2.label}, ${shapeInWords(part2.shape, part2.axes)}: arrow keys walk over the numbers`
      }
    );
    const canvas = this.sheet.canvas;
    canvas.addEventListener("pointermove", (e4) => this.hover(this.hit(pointOn(canvas, e4))));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("keydown", (e4) => this.key(e4));
    canvas.addEventListener("blur", () => this.hover(null));
    this.select(side);
    this.sheet.width = Math.floor(this.holder.getBoundingClientRect().width);
    this.sheet.now();
  }
  close() {
    this.sides = this.values = this.picture = null;
    this.sheet.close();
  }
  /** Show the numbers "after" the edits, "before" them, or their "difference"; weights are the same on all sides. */
  select(side) {
    this.side = this.sides[side] ? side : "after";
    this.values = this.sides[this.side];
    this.scale = scaleOf(this.values);
    this.picture = null;
    this.scaleSaid?.parentElement.remove();
    this.scaleSaid = null;
    this.sheet.redraw();
  }
  // Boxes of the panels for a width; returns the height.
  layout(width) {
    const { plan, part: part2, genome } = this, wordy = ["token", "asking", "resolution", "mark", "head", "part", "edge", "ln"].includes(plan.rows);
    const left = plan.n > 1 && plan.perRow > 1 ? 0 : wordy ? plan.style === "area" && plan.rows !== "mark" ? 84 : 74 : 8, top = (genome && genome.tss !== void 0 ? 16 : 6) + (genome?.uneven ? EXONS : 0);
    const gap = plan.columns === "token" && plan.n > 1 ? 20 : 8;
    const perRow = Math.min(plan.perRow, plan.n);
    let room = (width - left - 10 - gap * (perRow - 1)) / perRow, height;
    const head = plan.n > 1 ? 15 : 0;
    if (plan.style === "area") height = plan.nRows * (plan.rows === "mark" ? 24 : plan.rows === "part" ? 34 : 58);
    else if (plan.style === "bars")
      height = plan.nColumns <= 10 ? plan.nColumns * 20 : part2.role === "weight" ? 44 : 84;
    else if (genome) height = plan.n > 1 ? Math.max(64, plan.nRows) : Math.max(128, Math.min(plan.nRows, 200));
    else if (part2.role === "weight") {
      const cell = Math.max(0.6, Math.min(12, room / plan.nColumns, 150 / plan.nRows));
      room = Math.max(Math.min(room, cell * plan.nColumns), Math.min(room, 60));
      height = Math.max(cell * plan.nRows, 24);
    } else if (plan.columns === "token") height = Math.min(room, plan.nRows * 15);
    else
      height = plan.nRows * (plan.rows === "token" || plan.rows === "resolution" ? plan.n > 1 ? 9 : 16 : plan.n > 1 ? 10 : 14);
    if (plan.columns === "token" && plan.n > 1) room = height = Math.min(room, 118);
    this.boxes = [];
    for (let p5 = 0; p5 < plan.n; p5++) {
      const [row, column] = [Math.floor(p5 / perRow), p5 % perRow];
      this.boxes.push({
        x: left + column * (room + gap),
        y: top + head + row * (height + head + gap),
        w: room,
        h: height
      });
    }
    const last = this.boxes[plan.n - 1];
    return (last ? last.y + last.h : 20) + (genome ? GENOME_AXIS : plan.style === "area" ? 4 : plan.columns === "token" && plan.n > 1 ? 30 : 18);
  }
  hidden(column) {
    return this.part.seen !== null && !this.part.seen[column];
  }
  // Where genome coordinates are below the picture, the scale is given in words.
  sideLegend() {
    const { scale } = this;
    if (!this.scaleSaid) {
      this.scaleSaid = make("span", { class: `glass-scale glass-scale-${scale.kind}` });
      const [low, high] = scale.signed ? [-scale.top, scale.top] : [0, scale.top];
      this.holder.before(make("div", { class: "glass-legend" }, short(low), this.scaleSaid, short(high)));
    }
  }
  // ----- the number under the pointer ----------------------------------------------------------------------------------
  hit({ x: x3, y: y4 }) {
    const { plan } = this, p5 = this.boxes.findIndex((b4) => x3 >= b4.x && x3 < b4.x + b4.w && y4 >= b4.y && y4 < b4.y + b4.h);
    if (p5 < 0) return null;
    const box = this.boxes[p5], lying = plan.style === "bars" && plan.nColumns <= 10;
    const column = Math.floor(lying ? (y4 - box.y) / box.h * plan.nColumns : (x3 - box.x) / box.w * plan.nColumns);
    const at = { [plan.columns]: Math.max(0, Math.min(plan.nColumns - 1, column)) };
    if (plan.rows)
      at[plan.rows] = Math.max(0, Math.min(plan.nRows - 1, Math.floor((y4 - box.y) / box.h * plan.nRows)));
    if (plan.panels) at[plan.panels] = p5;
    return at;
  }
  value(at) {
    return this.values[this.plan.at(at)];
  }
  /** "head 2 · bin 203 · +0.3 kb from the TSS · chr1:100-200: 0.0341" */
  describe(at) {
    const words = [];
    for (const axis of this.part.axes) {
      words.push(nameOf(axis, at[axis], this.about));
      if (axis === "bin" && this.genome) words.push(...this.genome.said(at.bin));
    }
    const place = this.part.axes.includes("bin") ? at.bin : at.token;
    const hidden = place !== void 0 && this.hidden(place) ? " (hidden from the model)" : "";
    return `${words.join(" · ")}:  ${this.said(at)}${hidden}`;
  }
  /** "0.31", or with edits "0.31 (before 0.25, difference +0.06)". */
  said(at) {
    const here = this.plan.at(at), { after, before, difference } = this.sides;
    if (!before) return short(after[here], 5);
    return `${short(after[here], 5)} (before ${short(before[here], 5)}, difference ${change(difference[here])})`;
  }
  /** Arrow keys walk over columns and rows, Page keys from panel to panel, Home and End to the ends of a row. */
  key(event) {
    const { plan } = this, lying = plan.style === "bars" && plan.nColumns <= 10;
    const along = { ArrowLeft: -1, ArrowRight: 1, Home: -plan.nColumns, End: plan.nColumns }[event.key];
    const across = { ArrowUp: -1, ArrowDown: 1 }[event.key], over = { PageUp: -1, PageDown: 1 }[event.key];
    if (along === void 0 && across === void 0 && over === void 0) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = { ...this.focus }, new_ = !this.focus;
    const step = (axis, n3, by) => {
      if (axis) at[axis] = new_ ? 0 : Math.max(0, Math.min(n3 - 1, at[axis] + (by || 0)));
    };
    step(plan.columns, plan.nColumns, lying ? along ?? across : along);
    step(plan.rows, plan.nRows, across);
    step(plan.panels, plan.n, over);
    this.read.setAttribute("aria-live", "polite");
    this.hover(at);
  }
  hover(at) {
    if (!this.values) return;
    this.focus = at;
    this.read.textContent = at ? this.describe(at) : "";
    this.onHover(this, at);
    this.sheet.redraw();
  }
  /** The place under another part's pointer, in this part's axes. */
  linked(at) {
    this.link = at || {};
    this.sheet.redraw();
  }
};

// glassbox/sums.js
function products(n3, a4, b4, names = null) {
  const terms = Array.from({ length: n3 }, (_3, i4) => ({ i: i4, a: a4(i4), b: b4(i4) })).filter(
    (t4) => Number.isFinite(t4.a * t4.b)
  );
  const value = terms.reduce((sum, t4) => sum + t4.a * t4.b, 0);
  const shown = [...terms].sort((p5, q2) => Math.abs(q2.a * q2.b) - Math.abs(p5.a * p5.b)).slice(0, 3);
  const words = shown.map((t4) => `${short(t4.a)} × ${short(t4.b)}${names ? ` (${names(t4.i)})` : ""}`).join("  +  ");
  return { value, text: n3 > shown.length ? `${words}  +  … ${n3} products in all, largest first` : words };
}
var Reckoning = class {
  constructor(name, parts, at, about) {
    const inputs = parts.filter((p5) => p5.part.role === "input"), output = parts.find((p5) => p5.part.role === "output");
    this.weights = Object.fromEntries(parts.filter((p5) => p5.part.role === "weight").map((p5) => [p5.part.label, p5]));
    this.step = name.split(".")[0];
    this.at = at;
    this.about = about;
    this.a = inputs[0];
    this.b = inputs[1];
    this.third = inputs[2];
    this.output = output;
    this.last = output.part.axes[output.part.axes.length - 1];
  }
  size(part2, axis) {
    return part2.plan.size[axis];
  }
  lastOf(part2) {
    return part2.part.axes[part2.part.axes.length - 1];
  }
  /** A vector of the weights: a bias, a gain. */
  vector(symbol, i4) {
    return this.weights[symbol].values[i4];
  }
  /** Row `row` of a matrix times the numbers of `part` along `axis`, at `place`. */
  linear(symbol, row, part2, place, axis = this.lastOf(part2), names = null) {
    const W = this.weights[symbol], wide = W.part.shape[1];
    return products(
      this.size(part2, axis),
      (i4) => W.values[row * wide + i4],
      (i4) => part2.value({ ...place, [axis]: i4 }),
      names
    );
  }
  seen(i4) {
    return !this.output.part.seen || this.output.part.seen[i4];
  }
  /** The bin at the TSS, of the window or of the whole gene. */
  tss(part2) {
    return this.step === "gene" ? this.about.bins.tss : this.size(part2, "bin") >> 1;
  }
  /** The token of the promoter's own bin, or the asking token, among the numbers of an input. */
  own(part2) {
    if (part2.part.axes.includes("bin")) return { bin: this.tss(part2) };
    return "token" in this.at ? { token: this.at.token } : {};
  }
};
var READ = {
  log1p: (d4) => [Math.sign(d4) * Math.log1p(Math.abs(d4)), d4 < 0 ? `−ln(1 + ${short(-d4, 4)})` : `ln(1 + ${short(d4, 4)})`],
  none: (d4) => [d4, `${short(d4, 4)}, as it is`],
  asinh: (d4) => [Math.asinh(d4), `asinh ${short(d4, 4)}`]
};
var readOf = ({ a: a4, at, output, about }, hidden) => {
  const d4 = a4.value(at);
  if (Number.isNaN(d4)) return { value: output.value(at), text: "no data or padding" };
  const [value, text2] = READ[about.marks[at.mark].transform](d4);
  return { value: hidden ? output.value(at) : value, text: text2 };
};
var headOf = (letter) => (c4) => {
  const { a: a4, at } = c4, row = at.head * c4.size(c4.output, "head width") + at["head width"], place = {};
  if (a4.part.axes.includes("bin")) place.bin = letter === "q" ? c4.tss(a4) : at.bin;
  if (a4.part.axes.includes("token")) place.token = at.token;
  return c4.linear(`W_${letter}`, row, a4, place);
};
var dotOf = (c4, place, key) => {
  const E3 = c4.size(c4.a, "head width");
  const dot = products(
    E3,
    (i4) => c4.a.value({ ...place, "head width": i4 }),
    (i4) => c4.b.value({ ...key, "head width": i4 })
  );
  return { value: dot.value / Math.sqrt(E3), text: `( ${dot.text} ) / √${E3}` };
};
var sumOfTwo = (a4, b4, said = ["", ""]) => ({ value: a4 + b4, text: `${short(a4)}${said[0]}  +  ${short(b4)}${said[1]}` });
var normOf = (symbol, offset) => (c4) => {
  const D2 = c4.size(c4.output, "width"), x3 = c4.own(c4.a), y4 = "token" in c4.at ? { token: c4.at.token } : {}, i4 = c4.at.width;
  const row = Array.from(
    { length: D2 },
    (_3, j4) => c4.a.value({ ...x3, width: j4 }) + c4.vector(offset, j4) + c4.linear(symbol, j4, c4.b, y4).value
  );
  const mean = row.reduce((s4, v4) => s4 + v4, 0) / D2, sd = Math.sqrt(row.reduce((s4, v4) => s4 + (v4 - mean) ** 2, 0) / D2 + 1e-5);
  const [g5, o4] = [c4.vector("g", i4), c4.vector("c", i4)];
  return {
    value: g5 * (row[i4] - mean) / sd + o4,
    text: `${short(g5)} × (${short(row[i4])} − mean ${short(mean)}) / sd ${short(sd)}  +  ${short(o4)}`
  };
};
var WAVES = 4;
function numberOf(i4, places, parts, bin, about) {
  for (const name of about.positions) {
    const count = name === "part" ? parts.plan.size.part : 2 * WAVES;
    if (i4 >= count) {
      i4 -= count;
      continue;
    }
    if (name === "part") return { value: parts.value({ bin, part: i4 }), text: nameOf("part", i4, about) };
    const middle = (places.value({ bin, edge: 0 }) + places.value({ bin, edge: 1 })) / 2, far = name === "end" ? middle - about.length : middle;
    const x3 = name === "relative" ? Math.max(-1, Math.min(2, middle / about.length)) : Math.sign(far) * Math.log1p(Math.abs(far) / 500);
    const wave = i4 < WAVES ? "sin" : "cos", rate = 2 ** (i4 % WAVES - 2);
    return { value: Math[wave](rate * x3), text: `${wave}(${rate} × ${short(x3)}), ${name}` };
  }
  return null;
}
function placedOf(c4) {
  const { at, a: a4, weights } = c4;
  let from = 0, value = 0;
  const words = [];
  for (const [symbol, W] of Object.entries(weights)) {
    const wide = W.part.shape[1];
    let own = 0;
    for (let i4 = 0; i4 < wide; i4++) own += W.values[at.width * wide + i4] * a4.value({ bin: at.bin, number: from + i4 });
    from += wide;
    value += own;
    words.push(`${short(own)} (${symbol.slice(2)})`);
  }
  return { value, text: words.join("  +  ") };
}
var SUMS = {
  log: (c4) => readOf(c4, false),
  pcre_features: (c4) => readOf(c4, !c4.seen(c4.at.bin)),
  features(c4) {
    if (c4.step === "gene") return readOf(c4, !c4.seen(c4.at.bin));
    const { at, a: a4 } = c4, from = c4.about.strand === "-" ? c4.size(c4.output, "bin") - 1 - at.bin : at.bin, seen = c4.seen(at.bin);
    const text2 = `bin ${from} along the chromosome${from === at.bin ? "" : ", flipped"}${seen ? "" : ": no data, so 0 and hidden"}`;
    return { value: seen ? a4.value({ ...at, bin: from }) : 0, text: text2 };
  },
  projected: (c4) => c4.linear("P", c4.at.width, c4.a, { bin: c4.at.bin }, "mark", (i4) => c4.about.marks[i4].name),
  positions(c4) {
    if (c4.step === "gene") return placedOf(c4);
    const { at, output } = c4, j4 = at.width - at.width % 2, D2 = output.plan.size.width, angle = at.bin / 1e4 ** (j4 / D2), odd = at.width % 2;
    return {
      value: odd ? Math.cos(angle) : Math.sin(angle),
      text: `${odd ? "cos" : "sin"}(${at.bin} / 10000^(${j4}/${D2}))`
    };
  },
  numbers: (c4) => numberOf(c4.at.number, c4.a, c4.b, c4.at.bin, c4.about),
  bases({ at, a: a4 }) {
    const bases = a4.value({ bin: at.bin, edge: 1 }) - a4.value({ bin: at.bin, edge: 0 });
    return { value: Math.log(bases), text: `ln ${bases}` };
  },
  tokens(c4) {
    if (c4.step !== "regulation" && c4.b)
      return sumOfTwo(c4.a.value(c4.at), c4.b.value(c4.at), [" from the marks", " from the place"]);
    return null;
  },
  asking: (c4) => c4.linear("W", c4.at.width, c4.a, {}),
  q: headOf("q"),
  k: headOf("k"),
  v: headOf("v"),
  gate(c4) {
    const sum = c4.linear("W_g", c4.at[c4.last], c4.a, { token: c4.at.token });
    return { value: 1 / (1 + Math.exp(-sum.value)), text: `σ( ${sum.text} )` };
  },
  content: (c4) => dotOf(c4, { head: c4.at.head, token: c4.at.asking }, { head: c4.at.head, token: c4.at.token }),
  bias(c4) {
    if (c4.at.asking !== 0) return { value: 0, text: "0: frequencies are added only in the promoter's row" };
    const [g5, f5] = [c4.vector("γ", c4.at.head), c4.a.value({ token: c4.at.token })];
    return { value: g5 * f5, text: `γ ${short(g5)} × frequency ${short(f5)}` };
  },
  scores(c4) {
    if (c4.step === "regulation") return sumOfTwo(c4.a.value(c4.at), c4.b.value(c4.at), [" said", " from the contact"]);
    const dot = dotOf(c4, { head: c4.at.head }, { head: c4.at.head, bin: c4.at.bin });
    if (c4.step !== "gene") return dot;
    const bases = c4.third.value({ bin: c4.at.bin, ln: 0 });
    return { value: dot.value + bases, text: `${dot.text}  +  ln bases ${short(bases)}` };
  },
  weights(c4) {
    const { at, a: a4, last } = c4, n3 = c4.size(c4.output, last), score = (i4) => c4.seen(i4) ? a4.value({ ...at, [last]: i4 }) : -Infinity;
    const scores = Array.from({ length: n3 }, (_3, i4) => score(i4)), most = Math.max(...scores);
    if (most === -Infinity) return { value: c4.output.value(at), text: "nothing may be seen" };
    const value = Math.exp(score(at[last]) - most) / scores.reduce((sum, s4) => sum + Math.exp(s4 - most), 0);
    const text2 = c4.seen(at[last]) ? `exp(${short(score(at[last]))}) / Σ exp, which is ${short(100 * value)} % of this head` : "hidden: 0";
    return { value, text: text2 };
  },
  attended(c4) {
    const { at, a: a4, b: b4, about } = c4, E3 = c4.size(b4, "head width"), head = Math.floor(at[c4.last] / E3), set = c4.step === "regulation";
    const along = set ? "token" : "bin", share = (i4) => a4.value(set ? { head, asking: at.token, token: i4 } : { head, bin: i4 });
    const value = (i4) => b4.value({ head, [along]: i4, "head width": at[c4.last] % E3 });
    return products(c4.size(b4, along), share, value, (i4) => nameOf(along, i4, about));
  },
  gated: ({ at, a: a4, b: b4 }) => ({
    value: a4.value(at) * b4.value(at),
    text: `${short(a4.value(at))}  ×  ${short(b4.value(at))}`
  }),
  said(c4) {
    const sum = c4.linear("W", c4.at.width, c4.a, {}), b4 = c4.vector("b", c4.at.width);
    return { value: sum.value + b4, text: `${sum.text}  +  ${short(b4)}` };
  },
  normed: normOf("W", "b"),
  out: normOf("W₂", "b₂"),
  tss: normOf("W₂", "b₂"),
  hidden(c4) {
    const sum = c4.linear("W₁", c4.at.hidden, c4.a, "token" in c4.at ? { token: c4.at.token } : {}), b4 = c4.vector("b₁", c4.at.hidden);
    const all = sum.value + b4;
    return {
      value: Math.max(0, all),
      text: `max(0,  ${sum.text}  +  ${short(b4)} )${all < 0 ? ": negative, so 0" : ""}`
    };
  },
  joined(c4) {
    const wide = c4.size(c4.a, "width"), i4 = c4.at[c4.last], place = { resolution: Math.floor(i4 / wide), width: i4 % wide };
    return sumOfTwo(c4.a.value(place), c4.b.value(place), [" before", " after"]);
  },
  output(c4) {
    const sum = c4.linear("W₂", c4.at.output, c4.a, {}), b4 = c4.vector("b₂", c4.at.output);
    return { value: sum.value + b4, text: `${sum.text}  +  ${short(b4)}` };
  },
  probability({ at, a: a4 }) {
    const total = Array.from(a4.values).reduce((sum, z4) => sum + Math.exp(z4), 0), z3 = a4.values[at.class];
    return { value: Math.exp(z3) / total, text: `exp(${short(z3)}) / ${short(total)}` };
  }
};
function sumOf(name, parts, at, about) {
  const rule = SUMS[name.split(".").pop()], nobody = !about.pcres.length && /^(pairwise|input.*pcre)/.test(name);
  return rule && !nobody ? rule(new Reckoning(name, parts, at, about)) : null;
}

// glassbox/panel.js
function sidesOf(part2, buffers) {
  const after = numbersOf(buffers.shift(), part2.dtype);
  if (part2.sides < 2) return { after };
  const before = numbersOf(buffers.shift(), part2.dtype);
  return { after, before, difference: after.map((value, i4) => value - before[i4]) };
}
var Panel = class {
  /**
   * @param {any} reply  What Python answers for a box.
   * @param {DataView[]} buffers
   * @param {any} about
   * @param {{resolution: number, pcre: number, side: string}} view
   * @param {(Node | string)[]} controls  Buttons at its head.
   * @param {HTMLElement} place  The panel is put at the end of it.
   */
  constructor(reply, buffers, about, view, controls, place) {
    this.name = reply.name;
    this.about = about;
    this.side = view.side;
    const left = make("div", { class: "glass-left" }), right = make("div", { class: "glass-right" });
    this.why = make("div", { class: "glass-why" });
    this.node = make(
      "div",
      { class: "glass-panel", role: "region", "aria-label": reply.title },
      make(
        "div",
        { class: "glass-panel-head" },
        make("h4", {}, reply.title),
        make("span", { class: "glass-formula" }, ...subscripts(reply.formula)),
        make("span", { class: "glass-space" }),
        ...controls
      ),
      make("p", { class: "glass-words" }, reply.words),
      make(
        "div",
        { class: "glass-panel-body" },
        left,
        make("div", { class: "glass-to", "aria-hidden": "true" }, "→"),
        right
      )
    );
    place.append(this.node);
    if (reply.parts.every((part2) => part2.role === "output")) this.node.classList.add("glass-source");
    const more = { ...view, onHover: (part2, at) => this.hovered(part2, at) }, waiting = [...buffers];
    this.parts = [];
    for (const part2 of reply.parts)
      this.parts.push(new Part(part2.role === "output" ? right : left, part2, sidesOf(part2, waiting), about, more));
    right.append(this.why);
    this.rest();
  }
  close() {
    this.parts.forEach((p5) => p5.close());
    this.node.remove();
  }
  select(side) {
    this.side = side;
    this.parts.forEach((p5) => p5.select(side));
    this.rest();
  }
  /** Nothing is pointed at: the inputs that are read stay outlined. */
  rest() {
    this.why.textContent = "Point at a number, or walk there with the arrow keys: this line says where it comes from.";
    const [step, what] = [this.name.split(".")[0], this.name.split(".").pop()];
    for (const p5 of this.parts) {
      const one = p5.part.role === "input" && p5.plan.size.bin && step === "embedding" && (what === "q" || what === "normed");
      const asks = p5.part.role === "input" && this.name === "gene.q";
      p5.linked(
        asks ? { bin: this.about.bins.tss } : one ? { bin: p5.plan.size.bin >> 1 } : this.name === "head.after" && p5.plan.size.token ? { token: 0 } : null
      );
    }
  }
  hovered(part2, at) {
    const output = this.parts.find((p5) => p5.part.role === "output");
    if (!at) return this.rest();
    for (const other of this.parts) other.linked(other === part2 ? null : this.translated(part2, other, at));
    const sum = part2 === output && this.side !== "difference" ? this.sum(at) : null;
    this.why.textContent = sum ? `${short(part2.value(at), 5)}  =  ${sum.text}` : part2.describe(at);
  }
  sum(at) {
    return sumOf(this.name, this.parts, at, this.about);
  }
  /** The same place in another part's axes: a row of the weights makes a number of the output. */
  translated(from, to, at) {
    const here = {};
    for (const axis of to.part.axes) if (at[axis] !== void 0 && to.plan.size[axis] > at[axis]) here[axis] = at[axis];
    if (from.part.role === "output" && to.part.role === "weight") {
      const axes = from.part.axes, last = axes[axes.length - 1], E3 = from.plan.size["head width"];
      const row = last === "head width" ? at.head * E3 + at[last] : at[last];
      if (row < to.part.shape[0]) here.out = row;
    }
    if (this.name.startsWith("input.") && this.name.endsWith(".features") && this.about.strand === "-" && here.bin !== void 0)
      here.bin = to.plan.size.bin - 1 - here.bin;
    if (from.part.axes.includes("asking") && !to.part.axes.includes("asking") && to.part.name.endsWith(".q"))
      here.token = at.asking;
    return here;
  }
};

// glassbox/map.js
function drawThumb(canvas, [w5, h5], info, pictures, marks, theme) {
  const [rows, columns, from] = info.picture, ratio = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(w5 * ratio), height: Math.round(h5 * ratio) });
  const ctx = canvas.getContext("2d"), level = (r4, c4) => pictures[from + r4 * columns + c4], x3 = w5 / columns, y4 = h5 / rows;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, w5, h5);
  const tracks = info.axes.includes("mark"), hidden = [];
  const rowsOfBars = !info.signed && (tracks || info.axes.join() === "head,bin");
  if (!rowsOfBars) thumbHeat(ctx, info, pictures, w5, h5);
  for (let r4 = 0; r4 < rows; r4++) {
    for (let c4 = 0; c4 < columns; c4++) {
      const v4 = level(r4, c4);
      if (v4 === 255) hidden.push([c4 * x3, r4 * y4]);
      else if (rowsOfBars) {
        const tall = Math.min(1, v4 / 254) * (y4 - 1);
        ctx.fillStyle = tracks ? marks[r4 % marks.length].colour : theme.down;
        ctx.fillRect(c4 * x3, (r4 + 1) * y4 - tall, x3 + 0.3, tall);
      }
    }
  }
  ctx.save();
  ctx.beginPath();
  hidden.forEach(([left, top]) => ctx.rect(left, top, x3 + 0.3, y4 + 0.3));
  ctx.clip();
  if (hidden.length) {
    ctx.fillStyle = theme.paper;
    ctx.fillRect(0, 0, w5, h5);
    drawHatch(ctx, { x: 0, y: 0, w: w5, h: h5 }, theme.quiet, 4);
  }
  ctx.restore();
}
function thumbHeat(ctx, info, pictures, w5, h5) {
  const [rows, columns, from] = info.picture, bytes = GLASS_BYTES[info.signed ? "diverging" : "sequential"];
  const image = new ImageData(columns, rows), small = make("canvas", { width: columns, height: rows });
  for (let i4 = 0; i4 < rows * columns; i4++) {
    image.data.set(bytes[Math.min(255, Math.round(pictures[from + i4] / 254 * 255))], 4 * i4);
    image.data[4 * i4 + 3] = 255;
  }
  small.getContext("2d").putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(small, 0, 0, w5, h5);
}
function arrowWithin(a4, b4, others, under) {
  if (Math.abs(a4.mx - b4.mx) < 8)
    return { path: `M${a4.mx},${a4.bottom} V${b4.y - 2}`, tip: `M${b4.mx},${b4.y} l-3,-4 h6 z` };
  const between = (r4) => r4.x > a4.x + 8 && r4.right < b4.right - 8;
  const free = Math.abs(a4.my - b4.my) < 3 && !others.some((r4) => between(r4) && r4.y < a4.my && r4.bottom > a4.my);
  if (b4.x - a4.right < 60 || free) {
    const bend = Math.min(20, (b4.x - a4.right) / 2);
    const path2 = `M${a4.right},${a4.my} C${a4.right + bend},${a4.my} ${b4.x - bend},${b4.my} ${b4.x - 3},${b4.my}`;
    return { path: path2, tip: `M${b4.x},${b4.my} l-5,-3 v6 z` };
  }
  const lane = others.filter((r4) => r4.right > a4.x && r4.x < b4.right), low = Math.max(...lane.map((r4) => r4.bottom)) + 4 + 4 * under.n++;
  const [out, in_] = [a4.right + 3 + 2 * under.n, b4.x - 11 + 2 * under.n], my = b4.my + 5;
  const path = `M${a4.right},${a4.my + 5} H${out} V${low - 3} Q${out},${low} ${out + 3},${low} H${in_ - 3} Q${in_},${low} ${in_},${low - 3} V${my} H${b4.x - 3}`;
  return { path, tip: `M${b4.x},${my} l-5,-3 v6 z` };
}
function arrowAcross(source, a4, b4, box, entries, name) {
  const what = source.split(".").pop(), x3 = { features: 20, pcre_features: 20, tss: 9, said: 20, out: box.lane === "pairwise" ? 20 : 14 }[what];
  const lane = box.node.closest(".glass-lane"), gap = lane.offsetTop + lane.offsetHeight + (what === "features" ? 3 : 8);
  entries[name] = (entries[name] || 0) + 1;
  const y4 = b4.my + (entries[name] - 1) * 8 - 4;
  const path = `M${a4.mx},${a4.bottom} V${gap - 4} Q${a4.mx},${gap} ${a4.mx - 4},${gap} H${x3 + 4} Q${x3},${gap} ${x3},${gap + 4} V${y4 - 4} Q${x3},${y4} ${x3 + 4},${y4} H${b4.x - 3}`;
  return { path, tip: `M${b4.x},${y4} l-5,-3 v6 z` };
}
function arrowNodes({ path, tip }, more, on) {
  return [
    ["glass-line", path],
    ["glass-tip", tip]
  ].map(([kind, d4]) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", "path");
    node.setAttribute("d", d4);
    node.setAttribute("class", `${kind}${more}${on ? " glass-on" : ""}`);
    return node;
  });
}

// glassbox/steps.js
var SVG = "http://www.w3.org/2000/svg";
var Steps = class {
  /** @param {any} glass */
  constructor(glass) {
    this.glass = glass;
    this.node = make("div", {
      class: "glass-map",
      id: `${glass.frame.id}-map`,
      role: "tabpanel",
      "aria-label": "the model's steps"
    });
    this.boxes = /* @__PURE__ */ new Map();
    this.order = [];
    this.cards = /* @__PURE__ */ new Map();
    this.painted = "";
    this.watch = new ResizeObserver(() => {
      this.paint();
      this.arrowsSoon();
    });
    this.watch.observe(this.node);
  }
  close() {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.boxes.clear();
    this.pictures = null;
  }
  /** @param {any} reply @param {DataView} buffer */
  fill(reply, buffer) {
    this.pictures = new Uint8Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
    this.info = reply.boxes;
    this.boxes.clear();
    this.cards.clear();
    this.order = [];
    this.lines = document.createElementNS(SVG, "svg");
    this.lines.classList.add("glass-arrows");
    this.lines.setAttribute("aria-hidden", "true");
    this.node.replaceChildren(this.lines, ...reply.steps.map((step) => this.card(step, reply.story[step.key])));
    this.painted = null;
    this.node.setAttribute("aria-labelledby", `${this.glass.frame.id}-${this.glass.view.resolution}`);
    this.show();
  }
  card(step, sentence) {
    const id = `${this.glass.frame.id}-${step.key}`;
    const inside = make("div", { class: "glass-inside", id }, ...step.lanes.map((lane) => this.lane(lane)));
    const thumbs = step.pictures.map((name) => ({
      canvas: make("canvas", { class: "glass-thumb", "aria-hidden": "true" }),
      info: this.info[name]
    }));
    const head = make(
      "button",
      {
        type: "button",
        class: "glass-summary",
        "aria-expanded": "false",
        "aria-controls": id,
        onclick: () => this.glass.toggleStep(step.key)
      },
      make("span", { class: "glass-sign", "aria-hidden": "true" }),
      step.title
    );
    const node = make(
      "section",
      { class: `glass-step glass-${step.key}`, "aria-label": step.title },
      make("div", { class: "glass-step-head" }, make("h3", {}, head), make("span", { class: "cl-quiet" }, step.about)),
      make(
        "div",
        { class: "glass-told" },
        make("p", { class: "glass-story" }, sentence),
        make(
          "div",
          { class: "glass-pictures", "aria-hidden": "true" },
          ...thumbs.map(({ canvas, info }) => make("figure", {}, canvas, make("figcaption", {}, info.title)))
        )
      ),
      this.choices(step.key),
      inside
    );
    this.cards.set(step.key, { node, head, inside, thumbs });
    return node;
  }
  /** Layer and element, where a step has several. */
  choices(step) {
    const { about, view } = this.glass, chips = make("div", { class: "glass-choices" });
    if (about.layers[step] > 1)
      chips.append(this.chips("layer", about.layers[step], view[step], (i4) => this.glass.choose({ [step]: i4 })));
    if (step === "pairwise" && about.pcres.length) chips.append(this.pcreChips());
    return chips;
  }
  lane(lane) {
    const row = make("div", { class: "glass-row" });
    for (const names of lane.columns)
      row.append(
        make(
          "div",
          { class: `glass-column ${names.length > 1 ? "glass-stack" : ""}` },
          ...names.map((name) => this.box(name, lane))
        )
      );
    const none = lane.step === "pairwise" && !this.glass.about.pcres.length;
    return make(
      "div",
      { class: `glass-lane glass-of-${lane.key}`, role: "group", "aria-label": lane.title },
      make(
        "div",
        { class: "glass-lane-head" },
        make("b", {}, lane.title),
        make("span", { class: "cl-quiet" }, lane.about)
      ),
      none ? make("div", { class: "cl-quiet glass-none" }, "This gene has no pCREs. The promoter goes on alone.") : row
    );
  }
  chips(what, n3, chosen, pick, titles = null) {
    const chips = make(
      "span",
      { class: "glass-chips", role: "group", "aria-label": what },
      make("span", { class: "cl-quiet" }, what)
    );
    for (let i4 = 0; i4 < n3; i4++) {
      const said = titles ? titles[i4] : `${what} ${i4 + 1} of ${n3}`, number = String(titles ? this.glass.about.pcres[i4].slot + 1 : i4 + 1);
      chips.append(
        make(
          "button",
          {
            type: "button",
            "aria-pressed": String(i4 === chosen),
            "aria-label": `${what} ${number}`,
            title: said,
            onclick: () => pick(i4)
          },
          number
        )
      );
    }
    return chips;
  }
  pcreChips() {
    const { about, view } = this.glass;
    const met = ({ frequency, was }) => frequency === null ? "cut by an edit" : was === null ? `added by an edit, met with frequency ${short(frequency)}` : `met with frequency ${short(frequency)}${was === frequency ? "" : `, ${short(was)} before the edits`}`;
    const titles = about.pcres.map(
      (p5) => `${p5.chrom}:${grouped(p5.start)}-${grouped(p5.end)}, ${met(p5)}` + (p5.kb === null ? "" : `, ${short(Math.abs(p5.kb))} kb ${p5.kb < 0 ? "upstream" : "downstream"} of the TSS`)
    );
    return this.chips("pCRE", about.pcres.length, view.pcre, (i4) => this.glass.choose({ pcre: i4 }), titles);
  }
  box(name, lane) {
    const info = this.info[name], canvas = make("canvas", { class: "glass-thumb", "aria-hidden": "true" });
    const shape = shapeInWords(info.shape, info.axes), flipped = /^input.*\.features$/.test(name) && this.glass.about.strand === "-";
    const node = make(
      "button",
      {
        type: "button",
        class: "glass-box",
        "data-name": name,
        tabindex: "-1",
        "aria-expanded": "false",
        title: `${name}: ${shape}`,
        onclick: () => this.glass.toggle(name)
      },
      canvas,
      make("span", { class: "glass-box-title" }, info.title + (flipped ? "  ⇄" : "")),
      make("span", { class: "glass-box-shape" }, info.shape.join("×"))
    );
    this.boxes.set(name, { node, canvas, info, lane: lane.key, step: lane.step });
    this.order.push(name);
    return node;
  }
  /** The step that a box lies in. */
  stepOf(name) {
    return this.boxes.get(name)?.step;
  }
  /** Open and close the summary boxes as `glass.opened` says; mark the box that is open. */
  show() {
    const { opened, open, current } = this.glass;
    for (const [key, { node, head, inside }] of this.cards) {
      node.classList.toggle("glass-open", opened.has(key));
      head.setAttribute("aria-expanded", String(opened.has(key)));
      inside.hidden = !opened.has(key);
    }
    const first = this.order.find((name) => opened.has(this.stepOf(name)));
    for (const [name, { node }] of this.boxes) {
      node.setAttribute("aria-expanded", String(name === open));
      node.tabIndex = name === (opened.has(this.stepOf(current)) ? current : first) ? 0 : -1;
    }
    if (this.painted !== [...opened].join()) this.paint();
    this.arrowsSoon();
  }
  paint() {
    if (!this.pictures) return;
    this.painted = [...this.glass.opened].join();
    const theme = themeOf(this.node), all = [...this.boxes.values(), ...[...this.cards.values()].flatMap((card) => card.thumbs)];
    const shown = all.filter(({ canvas }) => canvas.clientWidth);
    const sizes = shown.map(({ canvas }) => [canvas.clientWidth, canvas.clientHeight]);
    shown.forEach(
      ({ canvas, info }, i4) => drawThumb(canvas, sizes[i4], info, this.pictures, this.glass.about.marks, theme)
    );
  }
  arrowsSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.arrows());
  }
  // From each box to those that read it: within a lane from side to side, from lane to lane along the left margin. Where
  // the page is narrow the boxes stand in several rows, and arrows would only tangle.
  arrows() {
    if (!this.lines || !this.node.clientWidth) return;
    const all = this.node.getBoundingClientRect(), lines = [], entries = {}, under = {}, lanes = {};
    const place = (node) => {
      const r4 = node.getBoundingClientRect(), [x3, y4] = [r4.left - all.left, r4.top - all.top];
      return {
        x: x3,
        y: y4,
        w: r4.width,
        h: r4.height,
        right: x3 + r4.width,
        bottom: y4 + r4.height,
        mx: x3 + r4.width / 2,
        my: y4 + r4.height / 2
      };
    };
    const visible = [...this.boxes].filter(([, box]) => box.node.clientWidth && this.node.clientWidth > 620), shown = new Map(visible);
    for (const { node, lane, step } of shown.values()) (lanes[`${step} ${lane}`] ||= []).push(place(node));
    for (const [name, { node, info, lane, step }] of shown) {
      const key = `${step} ${lane}`;
      under[key] ||= { n: 0 };
      for (const source of info.inputs) {
        const box = shown.get(source) || shown.get(this.stand(source));
        if (!box) continue;
        const [a4, b4] = [place(box.node), place(node)], on = this.glass.open === name || this.glass.open === source;
        const own = box.lane === lane && box.step === step, line = own ? arrowWithin(a4, b4, lanes[key], under[key]) : arrowAcross(source, a4, b4, box, entries, name);
        if (line) lines.push(...arrowNodes(line, own ? "" : ` glass-across glass-from-${box.lane}`, on));
      }
    }
    this.lines.replaceChildren(...lines);
  }
  // A source in a layer that the map does not show is represented by the last box of its lane.
  stand(source) {
    const [step, resolution, , what] = source.split(".");
    const { view } = this.glass;
    return what === "out" && Number(resolution) === view.resolution ? `${step}.${resolution}.${view[step]}.out` : "";
  }
};

// shared/wire.js
var viewOf = (b4) => b4 instanceof DataView ? b4 : new DataView(b4.buffer || b4);
var Wire = class {
  /**
   * @param {Model} model
   * @param {{onReply: (reply: Message, buffers: DataView[], request: Message) => void, onIdle?: () => void,
   *   merge?: (last: Message, next: Message) => Message | null}} handlers
   */
  constructor(model, { onReply, onIdle = () => {
  }, merge = (_last, _next) => null }) {
    this.model = model;
    this.onReply = onReply;
    this.onIdle = onIdle;
    this.merge = merge;
    this.waiting = [];
    this.underWay = null;
    this.seq = 0;
    this.id = Math.random().toString(36).slice(2, 8);
    this.receive = (reply, buffers) => {
      if (!this.underWay || reply.seq !== this.underWay.seq) return;
      const request = this.underWay;
      this.underWay = null;
      this.onReply(reply, (buffers || []).map(viewOf), request);
      this.pump();
      if (!this.underWay) this.onIdle();
    };
    model.on("msg:custom", this.receive);
  }
  /** Whether a reply answers this view of the widget; all views receive it. */
  mine(reply) {
    return String(reply.seq).startsWith(`${this.id}-`);
  }
  get busy() {
    return this.underWay !== null;
  }
  ask(request) {
    const last = this.waiting[this.waiting.length - 1];
    const both = last && this.merge(last, request);
    if (both) this.waiting[this.waiting.length - 1] = both;
    else this.waiting.push(request);
    this.pump();
  }
  pump() {
    if (this.underWay || !this.waiting.length) return;
    this.underWay = { ...this.waiting.shift(), seq: `${this.id}-${++this.seq}`, sent: performance.now() };
    try {
      this.model.send(this.underWay);
    } catch (error) {
      console.warn(error);
    }
  }
  close() {
    this.model.off("msg:custom", this.receive);
    this.waiting = [];
    this.underWay = null;
  }
};

// glassbox/box.js
var GlassBox = class {
  constructor({ model, el }) {
    this.model = model;
    this.about = model.get("about");
    this.node = root(el, "cl-glass");
    this.node.glass = this;
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "glass box");
    this.view = {
      resolution: Math.max(...this.about.resolutions),
      // the fewest bins: what can be read at once
      pairwise: 0,
      regulation: 0,
      pcre: 0,
      side: "after"
    };
    this.opened = /* @__PURE__ */ new Set();
    this.open = null;
    this.current = null;
    this.panel = null;
    this.timer = 0;
    this.frame = new Frame(this);
    this.steps = new Steps(this);
    this.node.append(
      this.frame.node,
      this.steps.node,
      make(
        "p",
        { class: "glass-hint cl-quiet" },
        "A step opens with a click, and so does each box in it: its input, weights and output. Point at a number to see where it comes from. Keys: arrows to move, Enter to open, Esc to close, space to play."
      )
    );
    this.wire = new Wire(model, {
      onReply: (reply, buffers, request) => this.answered(reply, buffers, request),
      merge: (last, next) => last.kind === next.kind ? next : null
      // the newest wins
    });
    this.heard = (reply) => reply.changed && this.ask();
    model.on("msg:custom", this.heard);
    this.stopTheme = onTheme(() => {
      this.steps.paint();
      this.parts.forEach((p5) => p5.sheet.redraw());
    });
    this.node.addEventListener("keydown", (e4) => this.key(e4));
    this.frame.update(this.about, this.view);
    this.ask();
  }
  get parts() {
    return this.panel ? this.panel.parts : [];
  }
  /** All boxes in the order of computation. */
  get order() {
    return this.steps.order;
  }
  close() {
    this.play(false);
    this.panel?.close();
    this.panel = null;
    this.frame.genes.close();
    this.wire.close();
    this.model.off("msg:custom", this.heard);
    this.steps.close();
    this.stopTheme();
    this.node.glass = null;
    this.node.remove();
  }
  // ----- asking and answering ------------------------------------------------------------------------------------------
  ask() {
    this.wire.ask({ kind: "map", ...this.view });
    if (this.open) this.request(this.open);
  }
  choose(change2) {
    const before = this.view;
    this.view = { ...this.view, ...change2 };
    if (this.open) this.open = this.renamed(this.open, before);
    if (this.current) this.current = this.renamed(this.current, before);
    if (Object.keys(change2).join() === "side" && this.panel) this.panel.select(this.view.side);
    this.ask();
  }
  // The same box at another resolution or in another layer.
  renamed(name, before) {
    const parts = name.split(".");
    if (parts.length < 3) return name;
    parts[1] = String(this.view.resolution);
    if (parts.length === 4 && Number(parts[2]) === before[parts[0]]) parts[2] = String(this.view[parts[0]]);
    return parts.join(".");
  }
  request(name) {
    this.wire.ask({ kind: "stage", name, pcre: this.view.pcre });
  }
  answered(reply, buffers, request) {
    this.frame.status.textContent = reply.error || "";
    if (reply.error) return;
    if (reply.kind === "map") this.fill(reply, buffers[0]);
    else if (reply.kind === "search") this.frame.search.answered(request.text, reply.found);
    else if (reply.kind === "stage" && reply.name === this.open) this.show(reply, buffers);
  }
  fill(reply, buffer) {
    const active = (
      /** @type {HTMLElement} */
      document.activeElement
    ), own = this.node.contains(active);
    const at = own && (active.dataset.name || active.dataset.resolution || active.getAttribute("aria-label"));
    this.about = reply.about;
    this.view.pcre = Math.min(this.view.pcre, Math.max(0, this.about.pcres.length - 1));
    if (!this.about.edited) this.view.side = "after";
    this.frame.update(this.about, this.view);
    this.steps.fill(reply, buffer);
    if (this.open && !this.steps.boxes.has(this.open)) this.shut();
    if (this.panel && this.open) this.home(this.open).append(this.panel.node);
    this.mark();
    if (at) this.refocus(active, at);
  }
  // What is drawn anew takes the focus that it had.
  refocus(active, at) {
    if (active.isConnected && this.node.contains(active)) return;
    const box = this.steps.boxes.get(at) || active.dataset.name && this.steps.boxes.get(this.current);
    const same = () => [...this.node.querySelectorAll("button")].find(
      (b4) => b4.dataset.resolution === at || b4.getAttribute("aria-label") === at || b4.textContent === active.textContent
    );
    (box ? box.node : same())?.focus({ preventScroll: true });
  }
  // ----- the four steps ------------------------------------------------------------------------------------------------
  toggleStep(step) {
    this.play(false);
    if (!this.opened.delete(step)) this.opened.add(step);
    else if (this.steps.stepOf(this.open) === step) this.shut();
    this.mark();
  }
  openAll() {
    this.play(false);
    const all = this.opened.size === this.steps.cards.size;
    if (all) this.shut();
    this.opened = new Set(all ? [] : this.steps.cards.keys());
    this.mark();
  }
  // ----- one box -------------------------------------------------------------------------------------------------------
  toggle(name) {
    this.play(false);
    if (this.open === name) this.shut();
    else this.go(name);
  }
  go(name) {
    this.current = this.open = name;
    const step = this.steps.stepOf(name);
    if (this.timer)
      this.opened = /* @__PURE__ */ new Set([step]);
    else this.opened.add(step);
    this.mark();
    this.request(name);
  }
  // Where the panel of a box stands: at the end of its step.
  home(name) {
    return this.steps.cards.get(this.steps.stepOf(name)).inside;
  }
  show(reply, buffers) {
    const playing = this.timer !== 0, old = this.panel, home = this.home(reply.name), same = old?.node.parentElement === home;
    if (playing && same)
      home.style.minHeight = `${Math.ceil(home.getBoundingClientRect().height)}px`;
    else if (old) old.node.parentElement.style.minHeight = "";
    if (!playing) home.style.minHeight = "";
    old?.close();
    this.panel = new Panel(reply, buffers, this.about, this.view, this.controls(), home);
    const box = this.steps.boxes.get(reply.name).node;
    const middle = box.getBoundingClientRect().left + box.offsetWidth / 2 - home.getBoundingClientRect().left;
    this.panel.node.style.setProperty("--glass-notch", `${middle}px`);
    this.steps.arrowsSoon();
    if (!playing || !same) this.reveal(box, this.panel.node);
  }
  // The page moves only where the box or its panel would be out of sight, and never so far that the box leaves it.
  reveal(box, panel) {
    const [top, bottom] = [box.getBoundingClientRect().top, panel.getBoundingClientRect().bottom];
    if (top < 0) box.scrollIntoView({ block: "nearest" });
    else if (bottom > window.innerHeight)
      (bottom - top < window.innerHeight ? panel : box).scrollIntoView({
        block: bottom - top < window.innerHeight ? "nearest" : "start"
      });
  }
  controls() {
    const button = (text2, title, label, onclick) => make("button", { type: "button", title, "aria-label": label, onclick }, text2);
    this.pauseButton = button(
      this.timer ? "❚❚" : "▶",
      "Play and pause (space)",
      "play or pause",
      () => this.play(!this.timer)
    );
    const close = button("×", "Close (Esc)", "close", () => this.leave());
    close.classList.add("glass-close");
    return [this.pauseButton, close];
  }
  shut() {
    if (this.panel) this.panel.node.parentElement.style.minHeight = "";
    this.panel?.close();
    this.panel = this.open = null;
    this.mark();
  }
  leave() {
    const box = this.steps.boxes.get(this.open);
    this.play(false);
    this.shut();
    box?.node.focus({ preventScroll: true });
  }
  sum(at) {
    return this.panel.sum(at);
  }
  mark() {
    this.steps.show();
    const at = this.order.indexOf(this.current);
    this.frame.counter.textContent = `${at < 0 ? "–" : at + 1} of ${this.order.length}`;
    this.frame.all.textContent = this.opened.size === this.steps.cards.size ? "Close all" : "Open all";
  }
  // ----- play and keyboard -----------------------------------------------------------------------------------------------
  walk(step, playing = false) {
    if (!playing) this.play(false);
    const at = this.order.indexOf(this.current), next = at < 0 ? 0 : at + step;
    if (next < 0 || next >= this.order.length) return false;
    this.go(this.order[next]);
    return true;
  }
  play(on) {
    clearTimeout(this.timer);
    this.timer = 0;
    if (on) {
      if (this.order.indexOf(this.current) === this.order.length - 1) this.current = null;
      this.next();
    }
    this.frame.playButton.textContent = on ? "❚❚ Pause" : "▶ Play";
    if (this.pauseButton) this.pauseButton.textContent = on ? "❚❚" : "▶";
  }
  // On to the next box, for as long as its words take to read.
  next() {
    this.timer = this.timer || -1;
    if (!this.walk(1, true)) return this.play(false);
    const { long } = this.steps.boxes.get(this.current).info;
    this.timer = window.setTimeout(() => this.next(), readingTime(long, this.frame.slowness));
  }
  key(event) {
    const { key, target } = event, onBox = target.classList.contains("glass-box");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape" && (this.open || this.timer)) this.leave();
    else if (key === " " && (onBox || target.tagName === "CANVAS")) this.play(!this.timer);
    else if (key.startsWith("Arrow") && onBox) this.move(key.slice(5));
    else return;
    event.preventDefault();
  }
  move(direction) {
    const rects = [...this.steps.boxes].filter(([, { node }]) => node.clientWidth).map(([name, { node }]) => (
      /** @type {[string, DOMRect]} */
      [name, node.getBoundingClientRect()]
    ));
    const from = this.steps.boxes.get(this.current) || this.steps.boxes.get(rects[0][0]);
    const best = nearest(direction, from.node.getBoundingClientRect(), rects);
    if (!best) return;
    this.play(false);
    this.current = best;
    if (this.open) this.go(best);
    else this.mark();
    this.steps.boxes.get(best).node.focus({ preventScroll: true });
  }
};
var box_default = {
  render(context) {
    const box = new GlassBox(context);
    return () => box.close();
  }
};

// shared/found.js
var FOUND = 12;
function found(examples, text2) {
  const asked = text2.trim().toLowerCase(), genes = /* @__PURE__ */ new Map();
  const names = (gene) => [gene.gene_id.toLowerCase(), String(gene.gene_name).toLowerCase()];
  const hits = examples.filter((gene) => names(gene).some((name) => name.includes(asked)));
  const begins = (gene) => names(gene).some((name) => name.startsWith(asked));
  for (const gene of [...hits.filter(begins), ...hits.filter((g5) => !begins(g5))]) {
    if (!genes.has(gene.gene_id))
      genes.set(gene.gene_id, { gene_id: gene.gene_id, gene_name: gene.gene_name, cell_types: [] });
    genes.get(gene.gene_id).cell_types.push(gene.cell_type);
    if (genes.size > FOUND) break;
  }
  return [...genes.values()].slice(0, FOUND);
}

// glassbox/local/answers.js
var VIEW = { resolution: 0, pairwise: 0, regulation: 0, pcre: 0 };
function keyOf(request, about) {
  const pcre = Math.min(request.pcre, Math.max(0, about.pcres.length - 1));
  return request.kind === "stage" ? `stage ${request.name} ${pcre}` : `map ${request.resolution} ${request.pairwise} ${request.regulation} ${pcre}`;
}
var Model = class {
  /** @param {Held} held @param {Uint8Array} bytes */
  constructor(held, bytes) {
    this.held = held;
    this.bytes = bytes;
    this.at = held.first;
    this.listeners = /* @__PURE__ */ new Set();
  }
  get example() {
    return this.held.examples[this.at];
  }
  get(name) {
    return { about: this.example.about, alone: true }[name];
  }
  on(name, listener) {
    if (name === "msg:custom") this.listeners.add(listener);
  }
  off(_3, listener) {
    this.listeners.delete(listener);
  }
  send(request) {
    setTimeout(() => {
      const [reply, buffers] = this.reply(request);
      for (const listener of [...this.listeners]) listener({ ...reply, seq: request.seq }, buffers);
      if (reply.kind === "choose") for (const listener of [...this.listeners]) listener({ changed: true }, []);
    });
  }
  /** @returns {[any, DataView[]]} */
  reply(request) {
    const { examples } = this.held;
    if (request.kind === "search") {
      const all = examples.map(({ about }) => ({ ...about, gene_name: about.gene, cell_type: about.cell }));
      return [{ kind: "search", found: found(all, request.text) }, []];
    }
    if (request.kind === "choose") {
      const { cell } = this.example.about, own = examples.flatMap(({ about }, i4) => [about.gene_id, about.gene].includes(request.gene) ? [i4] : []);
      const wanted = request.cell_type || cell;
      const at = own.find((i4) => examples[i4].about.cell === wanted) ?? (request.cell_type ? void 0 : own[0]);
      if (at === void 0) return [{ error: `this page has no gene ${request.gene} in ${wanted}` }, []];
      this.at = at;
      return [{ kind: "choose" }, []];
    }
    const kept = this.example.answers[keyOf({ ...VIEW, ...request }, this.example.about)];
    if (!kept) return [{ error: "this page does not hold that box" }, []];
    const [reply, blobs] = kept;
    const whole = reply.kind === "map" ? [this.joined(blobs)] : blobs.map((blob) => this.blob(blob));
    return [{ ...reply, ...reply.kind === "map" ? { about: this.example.about } : {} }, whole];
  }
  blob(number) {
    const [at, length] = this.held.blobs[number];
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + at, length);
  }
  /** The small pictures of a map, one after another. */
  joined(blobs) {
    const parts = blobs.map((number) => this.blob(number)), out = new Uint8Array(parts.reduce((n3, { byteLength }) => n3 + byteLength, 0));
    let at = 0;
    for (const { buffer, byteOffset, byteLength } of parts) {
      out.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      at += byteLength;
    }
    return new DataView(out.buffer);
  }
};

// glassbox/local/page.js
alone(box_default, async () => {
  const [held, numbers, rest] = await Promise.all([jsonPart("about"), part("numbers"), part("rest")]);
  const bytes = new Uint8Array(numbers.length + rest.length);
  bytes.set(unplaned(numbers, 4));
  bytes.set(rest, numbers.length);
  return new Model(held, bytes);
});

/*! This file holds code of others:

@preact/signals 2.11.4 (MIT)

The MIT License (MIT)

Copyright (c) 2022-present Preact Team

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

@preact/signals-core 1.14.5 (MIT)

The MIT License (MIT)

Copyright (c) 2022-present Preact Team

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

d3-array 3.2.4 (ISC)

Copyright 2010-2023 Mike Bostock

Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.

internmap 2.0.3 (ISC)

Copyright 2021 Mike Bostock

Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.

preact 10.29.8 (MIT)

The MIT License (MIT)

Copyright (c) 2015-present Jason Miller

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
*/
