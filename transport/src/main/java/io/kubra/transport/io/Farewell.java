package io.kubra.transport.io;

/** A handler whose protocol wants something said before the connection closes. */
public interface Farewell {
  /** The message, to be written from this handler's place in the pipeline. */
  Object farewell();
}
