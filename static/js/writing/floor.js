// What the libraries call and the oldest browsers that we promise lack (Chrome 85, Safari 15, Firefox 90).
if (!("hasOwn" in Object)) Object["hasOwn"] = (object, name) => Object.prototype.hasOwnProperty.call(object, name);

if (!("findLast" in Array.prototype)) {
  Object.defineProperty(Array.prototype, "findLast", {
    configurable: true,
    writable: true,
    value(isWanted) {
      for (let place = this.length - 1; place >= 0; place--) if (isWanted(this[place], place, this)) return this[place];
      return undefined;
    },
  });
}
