// Made by `make widgets` from the modules beside it; never edited by hand.

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
function drawAxis(ctx, box, start, end, { ink = "#222", zero = null, direction = 1, title = "", count = 5, font = "sans-serif" } = {}) {
  const shift = zero ?? 0, x3 = (bp) => box.x + (bp - start) / (end - start) * box.w;
  Object.assign(ctx, { strokeStyle: ink, fillStyle: ink, lineWidth: 1, textAlign: "center", textBaseline: "top" });
  ctx.font = `11px ${font}`;
  ctx.beginPath();
  ctx.moveTo(box.x, box.y + 0.5);
  ctx.lineTo(box.x + box.w, box.y + 0.5);
  const ends = [start, end].map((bp) => direction * (bp - shift) / 1e3).sort((a4, b4) => a4 - b4);
  for (const tick of ticks(ends[0], ends[1], count)) {
    const at = Math.round(x3(direction * tick * 1e3 + shift)) + 0.5;
    ctx.moveTo(at, box.y);
    ctx.lineTo(at, box.y + 4);
    const text = (zero !== null && tick > 0 ? "+" : "") + tick.toLocaleString("en").replace("-", "−");
    const half = ctx.measureText(text).width / 2;
    ctx.fillText(text, Math.max(box.x + half, Math.min(box.x + box.w - half, at)), box.y + 6);
  }
  ctx.stroke();
  if (title) ctx.fillText(title, box.x + box.w / 2, box.y + 20);
}

// shared/numbers.js
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "no data";
  const text = Math.abs(value) >= 1e3 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}
function grouped(value) {
  return Math.round(value).toLocaleString("en");
}

// shared/sheet.js
var Sheet = class {
  constructor(parent, height, draw, attributes = {}) {
    this.canvas = make("canvas", { class: "cl-sheet", ...attributes });
    this.parent = parent;
    this.height = height;
    this.draw = draw;
    this.frame = 0;
    this.width = 0;
    this.part = null;
    parent.append(this.canvas);
    this.watch = new ResizeObserver(([entry]) => {
      this.width = Math.floor(entry.contentRect.width);
      this.now();
    });
    this.watch.observe(parent);
  }
  redraw(part = null) {
    if (!this.frame) {
      this.part = part;
      this.frame = requestAnimationFrame(() => this.now(this.part));
    } else if (!part || !this.part || part.y !== this.part.y) this.part = null;
  }
  now(part = null) {
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
      part = null;
    }
    const ctx = this.canvas.getContext("2d"), box = part || { x: 0, y: 0, w: width, h: height };
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.w, box.h);
    ctx.clip();
    ctx.clearRect(box.x, box.y, box.w, box.h);
    this.draw(ctx, width, height, part);
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
  const found = search.found.value, at = search.at.value, open = found.length > 0, problem = search.problem.value;
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
          found.map((gene, i4) => /* @__PURE__ */ u4(
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
  type(text) {
    this.text.value = text;
    this.problem.value = "";
    this.waiting = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(text), PAUSE);
  }
  /** Genes found for a text. Those of an older text are not shown. */
  answered(text, found) {
    if (text !== this.text.value) return;
    this.foundFor = text;
    this.found.value = found;
    this.at.value = 0;
    if (this.waiting) this.enter();
  }
  /** Choose the gene of that very name or id, else the one marked; wait where the text is not yet answered. */
  enter() {
    const text = this.text.value, plain = text.trim().toLowerCase();
    clearTimeout(this.timer);
    if (!plain) return;
    if (this.elsewhere(text.trim())) {
      this.rest("");
      return;
    }
    if (this.foundFor !== text) {
      this.waiting = true;
      this.ask(text);
      return;
    }
    this.waiting = false;
    const found = this.found.value, moved = this.at.value > 0;
    const exact = found.find((g5) => [g5.gene_name, g5.gene_id].some((name) => name.toLowerCase() === plain));
    const gene = (moved ? null : exact) || found[this.at.value];
    if (gene) this.pick(gene);
    else this.problem.value = `No gene has “${text.trim()}” in its name or id.`;
  }
  pick(gene) {
    this.rest(gene.gene_name || gene.gene_id);
    this.choose(gene);
  }
  /** The list closes; the box says `text`. */
  rest(text = this.text.value) {
    clearTimeout(this.timer);
    this.waiting = false;
    this.text.value = text;
    this.problem.value = "";
    this.found.value = [];
    this.foundFor = null;
  }
  move(by) {
    const n3 = this.found.value.length;
    if (n3) this.at.value = (this.at.value + by + n3) % n3;
  }
};

// shared/wire.js
function floatsOf(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
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

// browser/browser.js
var LABEL = 92;
var ROW = 46;
var GENES = 40;
var ARCS = 80;
var AXIS = 40;
var RIGHT = 10;
var Browser = class {
  constructor(model, el) {
    this.model = model;
    this.about = model.get("_about");
    this.data = null;
    this.node = root(el, "cl-browser");
    this.node.browser = this;
    this.wire = new Wire(model, {
      onReply: (reply, buffers, request) => this.take(reply, buffers, request),
      merge: (last, next) => last.kind === next.kind ? next : null
    });
    this.build();
    this.followed = () => this.look(model.get("region"));
    model.on("change:region", this.followed);
    this.stopTheme = onTheme(() => this.sheet.redraw());
    this.look(model.get("region"));
  }
  build() {
    const button = (text, title, onclick) => make("button", { title, "aria-label": title, onclick }, text);
    const go = (text) => this.wire.ask({ kind: "find", text });
    this.search = new GeneSearch(
      (text) => this.wire.ask({ kind: "search", text }),
      (gene) => go(gene.gene_id),
      (text) => {
        const region = text.includes(":");
        if (region) go(text);
        return region;
      }
    );
    this.genes = geneBox(this.search, "Go to", y2(""), "gene, or chrom:start-end");
    this.reading = make("span", { class: "cl-quiet cl-hidden", role: "status" }, "reading the tracks …");
    this.where = make("span", { class: "where", "aria-live": "polite" });
    this.problem = make("div", { class: "cl-error", role: "alert" });
    this.readout = make("div", { class: "read cl-quiet" });
    const bar = make(
      "div",
      { class: "bar" },
      this.genes.node,
      button("◀", "pan left (left arrow)", () => this.pan(-0.5)),
      button("▶", "pan right (right arrow)", () => this.pan(0.5)),
      button("+", "zoom in (+)", () => this.zoom(0.5)),
      button("−", "zoom out (-)", () => this.zoom(2)),
      this.reading,
      this.where
    );
    const hint = `Drag, or the arrow keys, or Shift with the wheel: pan. + and −, or the wheel on the axis, or Ctrl with the wheel anywhere: zoom. ${this.about.unit}${this.about.origin ? `; ${this.about.origin}` : ""}.`;
    this.node.append(bar, this.problem);
    this.high = ARCS + GENES + this.about.tracks.length * ROW + AXIS;
    this.sheet = new Sheet(this.node, this.high, (ctx, w5, h5) => this.draw(ctx, w5, h5), {
      tabindex: "0",
      role: "img",
      "aria-label": "tracks, genes and contacts in view"
    });
    this.node.append(this.readout, make("div", { class: "cl-quiet" }, hint));
    this.listen(this.sheet.canvas);
  }
  listen(canvas) {
    canvas.addEventListener("pointerdown", (e4) => {
      canvas.setPointerCapture(e4.pointerId);
      canvas.classList.add("dragged");
      this.drag = { x: e4.clientX, start: this.view.start };
    });
    canvas.addEventListener("pointermove", (e4) => {
      if (this.drag) this.move(this.drag.start - (e4.clientX - this.drag.x) * this.bpPerPixel());
      else this.read(pointOn(canvas, e4));
    });
    const drop = () => {
      this.drag = null;
      canvas.classList.remove("dragged");
    };
    canvas.addEventListener("pointerup", drop);
    canvas.addEventListener("pointercancel", drop);
    canvas.addEventListener("pointerleave", () => {
      this.readout.textContent = "";
    });
    canvas.addEventListener("dblclick", (e4) => this.zoom(0.5, this.bpAt(pointOn(canvas, e4).x)));
    canvas.addEventListener("wheel", (e4) => this.wheel(e4, pointOn(canvas, e4)), { passive: false });
    canvas.addEventListener("keydown", (e4) => {
      const act = {
        ArrowLeft: () => this.pan(-0.2),
        ArrowRight: () => this.pan(0.2),
        "+": () => this.zoom(0.5),
        "=": () => this.zoom(0.5),
        "-": () => this.zoom(2)
      }[e4.key];
      if (!act) return;
      act();
      e4.preventDefault();
    });
  }
  /** As in the lab: Ctrl, or the axis, zooms; Shift, or a sideways wheel, moves; else the page scrolls. */
  wheel(event, { x: x3, y: y4 }) {
    const unit = event.deltaMode === 1 ? 16 : 1, { deltaX, deltaY } = event;
    const sideways = event.shiftKey ? deltaY || deltaX : Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : 0;
    if (sideways && !event.ctrlKey) this.move(this.view.start + sideways * unit * this.bpPerPixel());
    else if (event.ctrlKey || event.metaKey || y4 > this.high - AXIS)
      this.zoom(Math.exp(Math.max(-60, Math.min(60, deltaY * unit)) / 200), this.bpAt(x3));
    else return;
    event.preventDefault();
  }
  // ----- moving -----
  bpPerPixel() {
    return (this.view.end - this.view.start) / Math.max(1, this.sheet.width - LABEL - RIGHT);
  }
  bpAt(x3) {
    return this.view.start + (x3 - LABEL) * this.bpPerPixel();
  }
  look(region) {
    const cut = region.lastIndexOf(":"), [start, end] = region.slice(cut + 1).split("-").map(Number);
    this.view = { chrom: region.slice(0, cut), start, end };
    this.where.textContent = `${this.view.chrom}: ${grouped(start)} to ${grouped(end)} (${short((end - start) / 1e3)} kb)`;
    this.sheet.redraw();
    if (!this.serves()) this.ask();
    this.waits();
  }
  /** Say that data are on their way, as long as they are. */
  waits() {
    this.reading.classList.toggle("cl-hidden", Boolean(this.serves()));
    this.node.setAttribute("aria-busy", String(!this.serves()));
  }
  move(start, span = this.view.end - this.view.start) {
    const size = this.about.sizes[this.view.chrom];
    span = Math.min(Math.max(Math.round(span), Math.min(this.about.shortest, size)), this.about.longest, size);
    start = Math.round(Math.min(Math.max(start, 0), size - span));
    this.model.set("region", `${this.view.chrom}:${start}-${start + span}`);
    this.model.save_changes();
  }
  pan(share) {
    this.move(this.view.start + share * (this.view.end - this.view.start));
  }
  zoom(factor, about = (this.view.start + this.view.end) / 2) {
    this.move(about - (about - this.view.start) * factor, (this.view.end - this.view.start) * factor);
  }
  /** Whether the fetched data cover the view, in bins that are small enough. */
  serves() {
    const d4 = this.data, v4 = this.view, size = this.about.sizes[v4.chrom];
    return d4 && d4.chrom === v4.chrom && d4.start <= Math.max(v4.start, 0) && d4.end >= Math.min(v4.end, size) && d4.end - d4.start <= 4 * (v4.end - v4.start);
  }
  ask() {
    const { chrom, start, end } = this.view, span = end - start;
    this.wire.ask({ kind: "view", chrom, start: Math.max(0, start - span), end: end + span });
  }
  take(reply, buffers, request) {
    this.problem.textContent = reply.error || "";
    if (reply.error) return;
    if (reply.found) {
      this.search.answered(request.text, reply.found);
      return;
    }
    if (reply.region) {
      this.model.set("region", reply.region);
      this.model.save_changes();
      return;
    }
    const values = floatsOf(buffers[0]);
    this.data = {
      ...reply,
      rows: this.about.tracks.map((_3, i4) => values.subarray(i4 * reply.bins, (i4 + 1) * reply.bins))
    };
    this.sheet.redraw();
    if (!this.serves() && !this.wire.busy) this.ask();
    this.waits();
  }
  // ----- drawing -----
  draw(ctx, width, height) {
    const theme = themeOf(this.node), d4 = this.data, v4 = this.view;
    const box = { x: LABEL, w: width - LABEL - RIGHT }, x3 = (bp) => box.x + (bp - v4.start) / (v4.end - v4.start) * box.w;
    ctx.font = `12px ${theme.font}`;
    if (d4 && d4.chrom === v4.chrom) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(box.x, 0, box.w, height);
      ctx.clip();
      this.drawArcs(ctx, x3, theme);
      this.drawGenes(ctx, x3, theme, box);
      this.about.tracks.forEach(
        (track, i4) => this.drawTrack(ctx, x3, { ...box, y: ARCS + GENES + i4 * ROW + 6, h: ROW - 10 }, i4)
      );
      ctx.restore();
    }
    this.drawUnread(ctx, x3, theme, box);
    this.drawLabels(ctx, theme, box);
    const axis = { ...box, y: height - AXIS + 4 };
    drawAxis(ctx, axis, v4.start, v4.end, {
      ink: theme.ink,
      title: `${v4.chrom} position (kb)`,
      count: 7,
      font: theme.font
    });
  }
  // What has not been read yet is not zero: it is hatched, from end to end of all tracks.
  drawUnread(ctx, x3, theme, box) {
    const { data: d4, view: v4 } = this, known = d4 && d4.chrom === v4.chrom ? [Math.max(d4.start, v4.start), Math.min(d4.end, v4.end)] : [v4.end, v4.end];
    this.unread = known[1] <= known[0] ? [[v4.start, v4.end]] : [[v4.start, known[0]], [known[1], v4.end]];
    this.unread = this.unread.filter(([start, end]) => end > start);
    const high = this.about.tracks.length * ROW;
    for (const [start, end] of this.unread)
      drawHatch(ctx, { x: x3(start), y: ARCS + GENES, w: x3(end) - x3(start), h: high }, theme.faint, 9);
  }
  /** The highest value in view of a track. */
  top(i4) {
    const d4 = this.data, first = Math.max(0, Math.floor((this.view.start - d4.start) / d4.size));
    let top = 0;
    for (const value of d4.rows[i4].subarray(first, Math.ceil((this.view.end - d4.start) / d4.size)))
      if (value > top) top = value;
    return top || 1;
  }
  drawTrack(ctx, x3, box, i4) {
    const d4 = this.data;
    drawArea(
      ctx,
      box,
      d4.rows[i4],
      this.top(i4),
      this.about.tracks[i4].colour,
      (b4) => x3(Math.min(d4.start + b4 * d4.size, d4.end))
    );
    for (let b4 = 0; b4 < d4.bins; b4++) {
      if (Number.isFinite(d4.rows[i4][b4])) continue;
      let last = b4;
      while (last < d4.bins && !Number.isFinite(d4.rows[i4][last])) last++;
      const [left, right] = [x3(d4.start + b4 * d4.size), x3(d4.start + last * d4.size)];
      if (right > box.x && left < box.x + box.w)
        drawHatch(
          ctx,
          { x: Math.max(left, box.x), y: box.y, w: Math.min(right, box.x + box.w) - Math.max(left, box.x), h: box.h },
          "#999"
        );
      b4 = last;
    }
  }
  drawArcs(ctx, x3, theme) {
    const highest = this.data.arcs.reduce((h5, arc) => Math.max(h5, arc[2]), 0);
    for (const [a4, b4, frequency] of this.data.arcs) {
      const left = x3(a4), right = x3(b4), high = (ARCS - 18) * (frequency / highest);
      ctx.beginPath();
      ctx.moveTo(left, ARCS);
      ctx.bezierCurveTo(left, ARCS - high * 4 / 3, right, ARCS - high * 4 / 3, right, ARCS);
      Object.assign(ctx, {
        strokeStyle: theme.quiet,
        lineWidth: 0.5 + 1.5 * (frequency / highest),
        globalAlpha: 0.25 + 0.6 * (frequency / highest)
      });
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }
  drawGenes(ctx, x3, theme, box) {
    const line = ARCS + 12, rightmost = [-Infinity, -Infinity];
    Object.assign(ctx, {
      fillStyle: theme.ink,
      strokeStyle: theme.ink,
      lineWidth: 1.2,
      textBaseline: "top",
      textAlign: "left"
    });
    for (const gene of [...this.data.genes].sort((a4, b4) => a4.start - b4.start)) {
      const left = x3(gene.start), right = x3(gene.end), tss = x3(gene.tss), turn = gene.strand === "-" ? -1 : 1;
      if (right < box.x || left > box.x + box.w) continue;
      ctx.fillRect(left, line - 3, Math.max(1.5, right - left), 5);
      ctx.beginPath();
      ctx.moveTo(tss, line);
      ctx.lineTo(tss, line - 10);
      ctx.lineTo(tss + 7 * turn, line - 10);
      ctx.stroke();
      const at = Math.max(left, box.x + 2), row = rightmost.findIndex((r4) => at > r4 + 6);
      if (row < 0) continue;
      ctx.fillText(gene.name, at, line + 4 + row * 12);
      rightmost[row] = at + ctx.measureText(gene.name).width;
    }
  }
  drawLabels(ctx, theme, box) {
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "right", textBaseline: "middle" });
    if (this.data?.arcs.length) ctx.fillText("contacts", box.x - 8, ARCS - 12);
    if (this.data?.genes.length) ctx.fillText("genes", box.x - 8, ARCS + 12);
    this.about.tracks.forEach((track, i4) => {
      const y4 = ARCS + GENES + i4 * ROW;
      ctx.fillStyle = theme.ink;
      ctx.fillText(track.name, box.x - 8, y4 + ROW / 2 - 6, LABEL - 12);
      ctx.fillStyle = theme.quiet;
      if (this.data) ctx.fillText(`0 to ${short(this.top(i4), 2)}`, box.x - 8, y4 + ROW / 2 + 8);
      ctx.fillStyle = theme.faint;
      ctx.fillRect(box.x, y4 + ROW - 4, box.w, 1);
    });
  }
  read({ x: x3 }) {
    const d4 = this.data, bp = this.bpAt(x3), bin = d4 ? Math.floor((bp - d4.start) / d4.size) : -1;
    if (!d4 || x3 < LABEL || bin < 0 || bin >= d4.bins) {
      this.readout.textContent = "";
      return;
    }
    const values = this.about.tracks.map((track, i4) => `${track.name} ${short(d4.rows[i4][bin])}`);
    this.readout.textContent = `${d4.chrom}:${grouped(bp)} · ${values.join(" · ")}`;
  }
  close() {
    this.model.off("change:region", this.followed);
    this.stopTheme();
    this.genes.close();
    this.wire.close();
    this.sheet.close();
    this.data = null;
  }
};
var browser_default = {
  render({ model, el }) {
    const browser = new Browser(model, el);
    return () => browser.close();
  }
};
export {
  browser_default as default
};

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
