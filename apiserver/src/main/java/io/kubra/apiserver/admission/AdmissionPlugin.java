package io.kubra.apiserver.admission;

/**
 * One admission plugin. Plugins are called concurrently and refuse a request by throwing an {@link
 * io.kubra.api.status.ApiException}.
 */
public interface AdmissionPlugin {

  /** The plugin's upstream name, for example {@code NamespaceLifecycle}. */
  String name();

  /** May change {@link AdmissionContext#object()} in place. */
  default void mutate(AdmissionContext context) {}

  /** Sees the final, validated object. */
  default void validate(AdmissionContext context) {}
}
