package io.kubra.store;

/** When a write counts as done. */
public enum Durability {
  /** Acknowledged and visible once it survives a power failure. */
  DURABLE,

  /**
   * Acknowledged and visible before it is forced to disk, which follows shortly after. It survives
   * the death of the process but perhaps not that of the machine. For what is worthless after a
   * crash: Leases and Events.
   */
  BUFFERED
}
