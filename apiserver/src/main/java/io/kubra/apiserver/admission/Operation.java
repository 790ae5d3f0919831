package io.kubra.apiserver.admission;

/** The kind of write that is admitted. */
public enum Operation {
  CREATE,
  UPDATE,
  DELETE,
  CONNECT
}
