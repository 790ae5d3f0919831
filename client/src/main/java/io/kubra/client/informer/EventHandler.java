package io.kubra.client.informer;

/**
 * Told of changes, on the informer's thread and in order. Handlers must not block: they put keys
 * into queues.
 */
public interface EventHandler<T> {
  /** An object appeared. */
  void onAdd(T object);

  /** An object changed, or was listed again unchanged. */
  void onUpdate(T old, T object);

  /** An object is gone; the last state known. */
  void onDelete(T object);
}
