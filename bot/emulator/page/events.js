// An emitter in the manner of Backbone: on, off, once, trigger.

export class Emitter {
  on(names, callback, context) {
    if (typeof callback !== 'function') throw new Error('Callback parameter passed is not a function');
    for (const name of names.split(' ')) {
      this.listenersOf(name).push({ callback, context });
    }
    return this;
  }

  once(name, callback, context) {
    const once = (...values) => {
      this.off(name, once);
      callback.apply(context ?? this, values);
    };
    once.wraps = callback;
    return this.on(name, once, context);
  }

  off(name, callback) {
    if (!name) {
      this.listenerMap = new Map();
      return this;
    }
    const kept = this.listenersOf(name).filter(
      (one) => callback && one.callback !== callback && one.callback.wraps !== callback,
    );
    this.listenerMap.set(name, kept);
    return this;
  }

  trigger(name, ...values) {
    for (const { callback, context } of [...this.listenersOf(name)]) {
      try {
        callback.apply(context ?? this, values);
      } catch (error) {
        console.warn(`a listener of ${name} failed`, error);
      }
    }
    if (name !== 'all') this.trigger('all', name, ...values);
    return this;
  }

  listenTo(other, name, callback) {
    other.on(name, callback, this);
    return this;
  }

  listenersOf(name) {
    if (!Object.hasOwn(this, 'listenerMap')) {
      Object.defineProperty(this, 'listenerMap', { value: new Map(), writable: true });
    }
    if (!this.listenerMap.has(name)) this.listenerMap.set(name, []);
    return this.listenerMap.get(name);
  }
}
