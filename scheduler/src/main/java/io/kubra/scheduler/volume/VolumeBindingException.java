package io.kubra.scheduler.volume;

/** A pod's claims could not be bound; the pod is tried again. */
public final class VolumeBindingException extends Exception {
  private static final long serialVersionUID = 1L;

  VolumeBindingException(String message) {
    super(message);
  }
}
