// Models raise change:x when a property is set; collections raise add, remove and bubble changes.

import { Emitter } from './events.js';

export class Model extends Emitter {
  constructor(values = {}) {
    super();
    Object.defineProperty(this, 'attributes', { value: {}, writable: true });
    for (const [name, value] of Object.entries(values)) {
      if (this.constructor.props.has(name)) this.attributes[name] = value;
      else this[name] = value;
    }
  }

  set(name, value, options) {
    if (typeof name === 'object') {
      for (const [one, its] of Object.entries(name)) this.set(one, its, value);
      return this;
    }
    if (!this.constructor.props.has(name)) {
      this[name] = value;
      return this;
    }
    const before = this.attributes[name];
    if (before === value) return this;
    this.attributes[name] = value;
    if (!options?.silent) {
      this.trigger(`change:${name}`, this, value, before);
      this.collection?.bubble(`change:${name}`, this, value, before);
    }
    return this;
  }

  get(name) {
    return this[name];
  }

  unset(name) {
    if (this.constructor.props.has(name)) this.set(name, undefined);
    else delete this[name];
    return this;
  }

  toJSON() {
    return { ...this.attributes };
  }

  serialize() {
    return this.toJSON();
  }
}
Model.props = new Set();

/** Return a model class with an accessor for each property. */
export function defineModel(proxyName, props, Base = Model) {
  const Defined = class extends Base {};
  Defined.props = new Set([...Base.props, ...props]);
  Defined.prototype.proxyName = proxyName;
  for (const name of props) {
    Object.defineProperty(Defined.prototype, name, {
      configurable: true,
      get() {
        return this.attributes ? this.attributes[name] : undefined;
      },
      set(value) {
        this.set(name, value);
      },
    });
  }
  return Defined;
}

/** The key under which a collection keeps a model: the text of its id. */
export function keyOf(id) {
  if (id && typeof id === 'object' && 'id' in id && id.attributes) return String(id.id);
  return String(id);
}

export class Collection extends Emitter {
  constructor() {
    super();
    this.list = [];
    this.byId = new Map();
  }

  get length() {
    return this.list.length;
  }

  add(values, options = {}) {
    const many = Array.isArray(values) ? values : [values];
    const models = many.map((one) => this.addOne(one, options));
    return Array.isArray(values) ? models : models[0];
  }

  addOne(values, options) {
    const Made = this.modelClass;
    const known = this.byId.get(String(values.id));
    if (known) {
      if (options.merge) known.set(values instanceof Made ? values.attributes : values);
      return known;
    }
    const model = Made && !(values instanceof Made) ? new Made(values) : values;
    Object.defineProperty(model, 'collection', { value: model.collection ?? this, writable: true, configurable: true });
    this.byId.set(String(model.id), model);
    this.insert(model);
    if (!options.silent) this.trigger('add', model, this, options);
    return model;
  }

  insert(model) {
    this.list.push(model);
  }

  gadd(id, options) {
    return this.get(id) ?? this.add({ id }, options);
  }

  remove(id) {
    const model = this.get(id);
    if (!model) return undefined;
    this.byId.delete(String(model.id));
    this.list.splice(this.list.indexOf(model), 1);
    this.trigger('remove', model, this);
    return model;
  }

  get(id) {
    if (id === undefined || id === null) return undefined;
    return this.byId.get(keyOf(id)) ?? (id.id !== undefined ? this.byId.get(String(id.id)) : undefined);
  }

  async find(id) {
    return this.get(id) ?? this.make(id);
  }

  make(id) {
    return this.add({ id }, { silent: true });
  }

  bubble(name, ...values) {
    this.trigger(name, ...values);
  }

  getModelsArray() {
    return this.list;
  }

  get models() {
    return this.list;
  }

  toArray() {
    return [...this.list];
  }

  findFirst(test) {
    return this.list.find(test);
  }

  filter(test) {
    return this.list.filter(test);
  }

  map(change) {
    return this.list.map(change);
  }

  forEach(visit) {
    this.list.forEach(visit);
  }

  some(test) {
    return this.list.some(test);
  }

  last() {
    return this.list.at(-1);
  }

  head() {
    return this.list[0];
  }

  reset() {
    this.list = [];
    this.byId.clear();
    this.trigger('reset', this);
  }
}
